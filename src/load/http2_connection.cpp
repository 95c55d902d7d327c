#include "load/http2_connection.hpp"

#include <algorithm>

#include "base/assert.hpp"

namespace burstgate::load {

using measure::Failure;
using protocol::Anomaly;
using protocol::Http2End;

namespace {

Http2Stream& owner_of(protocol::Http2Exchange& exchange) {
  return *static_cast<Http2Stream*>(exchange.owner);
}

Exchange cut() {
  return {.failure = {}, .cut = true};
}

}  // namespace

// ---- what the users share ----

Http2Link* Http2Connection::current() {
  if (current_ != nullptr && !current_->takes_more()) current_ = nullptr;
  return current_;
}

std::uint64_t Http2Connection::open_sockets() const {
  return static_cast<std::uint64_t>(
      std::count_if(links_.begin(), links_.end(), [](const Http2Link& link) { return link.is_open(); }));
}

Http2Link& Http2Connection::free_link() {
  for (Http2Link& link : links_) {
    if (link.is_free()) return link;
  }
  Http2Link::Listener listener;
  listener.noticed = [](protocol::Http2Exchange& exchange) { owner_of(exchange).noticed(); };
  listener.ended = [](protocol::Http2Exchange& exchange) { owner_of(exchange).waiter_.go_on(); };
  listener.ready = [this] { link_is_ready(); };
  return links_.emplace_back(parts_.context, parts_.readiness, parts_.peer, parts_.limits, parts_.read_buffer,
                             parts_.remarks, std::move(listener));
}

void Http2Connection::link_is_ready() {
  if (opener_ != nullptr) opener_->waiter_.go_on_soon(parts_.context);
}

void Http2Connection::interrupt(const Http2Stream& user) {
  if (opener_ == &user && opening_ != nullptr) opening_->interrupt();
}

Task<Exchange> Http2Connection::join(Http2Stream& user) {
  if (current() != nullptr) co_return Exchange{};
  if (opening_ == nullptr) co_return co_await open(user);
  joining_.push_back(&user);
  co_await user.waiter_.wait();
  std::erase(joining_, &user);
  Exchange joined = last_opened_;
  joined.opened = 0;
  if (user.stopped_ != StopCause::none) joined.failure = Failure::connect_timeout;
  co_return joined;
}

Task<Exchange> Http2Connection::open(Http2Stream& user) {
  Http2Link& link = free_link();
  opening_ = &link;
  opener_ = &user;
  std::optional<Failure> failure = co_await link.connect();
  const bool connected = !failure;
  while (!failure && !link.is_ready()) {
    if (!link.is_open()) {
      failure = Failure::protocol;
    } else if (user.stopped_ != StopCause::none) {
      failure = Failure::connect_timeout;
    } else {
      co_await user.waiter_.wait();
    }
  }
  opening_ = nullptr;
  opener_ = nullptr;
  if (failure) {
    link.abandon();
  } else {
    current_ = &link;
  }
  last_opened_ = Exchange{.failure = failure, .cut = false, .stale = false, .opened = connected ? 1u : 0u};
  const Exchange opened = last_opened_;
  for (Http2Stream* other : joining_) other->waiter_.go_on_soon(parts_.context);
  co_return opened;
}

// ---- one user ----

Http2Stream::Http2Stream(Http2Connection& shared, bool first)
    : Connection(shared.parts().context), shared_(shared), first_(first) {
  exchange_.owner = this;
}

void Http2Stream::wake() {
  shared_.interrupt(*this);
  waiter_.go_on_soon(shared_.parts().context);
}

void Http2Stream::noticed() {
  const Instant now = Clock::now();
  if (first_byte_ == Instant()) first_byte_ = now;
  if (has_events_ && first_event_ == Instant() && events_.events() > 0) first_event_ = now;
}

Answer Http2Stream::answer() const {
  return {.status = exchange_.end == Http2End::complete ? exchange_.status : 0,
          .body_bytes = exchange_.body_bytes,
          .body = exchange_.body,
          .anomalies = anomalies_,
          .fields = &fields_,
          .first_byte = first_byte_,
          .first_event = first_event_,
          .events_came = !has_events_ || events_.satisfied()};
}

Task<Exchange> Http2Stream::connect(Instant deadline) {
  if (stopped_ == StopCause::cut) co_return cut();
  stopped_ = StopCause::none;
  deadline_ = deadline;
  const Exchange joined = co_await shared_.join(*this);
  deadline_.reset();
  co_return stopped_ == StopCause::cut ? cut() : joined;
}

void Http2Stream::start(const Outgoing& request) {
  has_events_ = request.events.has_value();
  if (has_events_) events_.start(*request.events);
  exchange_.events = has_events_ ? &events_ : nullptr;
  exchange_.wants_body = request.wants_body;
  fields_.clear();
  exchange_.wants_fields = request.wants_fields;
  exchange_.fields = &fields_;
  exchange_.end = Http2End::none;
  exchange_.status = 0;
  first_byte_ = first_event_ = Instant();
}

bool Http2Stream::submit(const Outgoing& request) {
  link_ = shared_.current();
  if (link_ == nullptr) return false;
  const auto& parts = shared_.parts();
  const auto converted = parts.requests.convert(request.bytes, parts.peer.tls ? "https" : "http");
  return link_->submit(exchange_, *converted.fields, converted.lasting, converted.body);
}

std::optional<Failure> Http2Stream::failure_of_end() const {
  switch (exchange_.end) {
    case Http2End::complete:
      return std::nullopt;
    case Http2End::none:
    case Http2End::unprocessed:
    case Http2End::reset:
      return Failure::reset;
    case Http2End::closed:
      return exchange_.began ? Failure::truncated : Failure::closed;
    case Http2End::protocol:
      return Failure::protocol;
    case Http2End::too_large:
      return Failure::too_large;
  }
  return Failure::protocol;
}

Exchange Http2Stream::result_of(Exchange result) const {
  const bool complete = exchange_.end == Http2End::complete;
  if (stopped_ == StopCause::cut) {
    result.cut = true;
    result.failure.reset();
  } else if (stopped_ == StopCause::timeout && !complete) {
    const bool was_queued = link_ != nullptr && link_->under_way() >= link_->streams_allowed();
    result.failure = exchange_.sent ? Failure::timeout : was_queued ? Failure::generator : Failure::send_timeout;
  } else if (!result.failure) {
    result.failure = failure_of_end();
    result.stale = exchange_.end == Http2End::closed && !exchange_.began;
  }
  return result;
}

// A request that the service did not begin with is sent once more, whatever its method.
Task<Exchange> Http2Stream::exchange(const Outgoing& request, Instant deadline) {
  if (stopped_ == StopCause::cut) co_return cut();
  stopped_ = StopCause::none;
  deadline_ = deadline;
  anomalies_ = 0;
  Exchange result;
  for (int attempt = 0; attempt < 2; ++attempt) {
    start(request);
    if (!submit(request)) {  // the connection has ended since it was looked at
      const Exchange joined = co_await shared_.join(*this);
      result.opened += joined.opened;
      result.failure = joined.failure;
      if (joined.failure || stopped_ != StopCause::none) break;
      exchange_.end = Http2End::unprocessed;
      if (!submit(request)) continue;
    }
    while (exchange_.end == Http2End::none && stopped_ == StopCause::none) co_await waiter_.wait();
    if (exchange_.end == Http2End::none) link_->cancel(exchange_);
    if (has_events_ && events_.events() > 0 && first_event_ == Instant()) first_event_ = Clock::now();
    if (exchange_.end != Http2End::unprocessed || attempt > 0) break;
    anomalies_ |= bit(link_->went_away() ? Anomaly::goaway_retry : Anomaly::refused_retry);
  }
  deadline_.reset();
  co_return result_of(result);
}

}  // namespace burstgate::load

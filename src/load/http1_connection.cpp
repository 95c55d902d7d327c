// The answer is read by waiting until something happened to the socket and then reading into one large buffer that all
// connections of the thread share: one recv per answer, no buffer per connection.
#include "load/http1_connection.hpp"

namespace burstgate::load {

using measure::Failure;

Http1Connection::Http1Connection(asio::io_context& context, Readiness& readiness, const Peer& peer,
                                 const protocol::ResponseLimits& limits, protocol::HeadCache& heads,
                                 std::span<char> read_buffer, Remarks& remarks)
    : Connection(context),
      transport_(context, readiness, peer, read_buffer),
      reader_(limits, &heads),
      remarks_(remarks) {}

Answer Http1Connection::answer() const {
  return {.status = is_answered() ? reader_.status() : 0,
          .body_bytes = reader_.body_bytes(),
          .body = reader_.body(),
          .anomalies = reader_.anomalies(),
          .fields = &reader_.fields(),
          .first_byte = first_byte_,
          .first_event = first_event_,
          .events_came = !has_events_ || events_.satisfied()};
}

namespace {

Failure read_failure(protocol::ResponseError error) {
  using protocol::ResponseError;
  switch (error) {
    case ResponseError::closed_before_response:
      return Failure::closed;
    case ResponseError::truncated_head:
    case ResponseError::truncated_body:
      return Failure::truncated;
    case ResponseError::too_large:
      return Failure::too_large;
    default:
      return Failure::protocol;
  }
}

}  // namespace

Task<Exchange> Http1Connection::connect(Instant deadline) {
  close();
  if (stopped_ == StopCause::cut) co_return Exchange{.failure = {}, .cut = true};
  stopped_ = StopCause::none;
  deadline_ = deadline;
  std::optional<Failure> failure = co_await transport_.connect();
  deadline_.reset();
  if (stopped_ == StopCause::cut) {
    transport_.close();
    co_return Exchange{.failure = {}, .cut = true};
  }
  // What came with the end of a handshake lies in the thread's buffer. An answer to nothing is none.
  while (!failure && transport_.has_more()) {
    if (transport_.receive().kind == Received::Kind::bytes) failure = Failure::protocol;
  }
  if (!failure && transport_.is_tls()) remarks_.count_handshake(transport_.is_resumed());
  if (failure) transport_.close();
  if (failure == Failure::tls) remarks_.add(transport_.trouble().what);
  co_return Exchange{.failure = failure, .cut = false, .stale = false, .opened = failure ? 0u : 1u};
}

IdleState Http1Connection::check_idle() {
  const Received seen = transport_.look_idle();
  if (seen.kind == Received::Kind::would_block) return IdleState::usable;
  close();
  return seen.kind == Received::Kind::bytes ? IdleState::unsolicited_bytes : IdleState::closed_by_peer;
}

Task<std::optional<Failure>> Http1Connection::send_rest(std::string_view bytes) {
  do {
    if (!transport_.stream().has_happened()) co_await transport_.stream().happening();
    if (stopped_ != StopCause::none) co_return Failure::send_timeout;
  } while (!transport_.send_now(bytes));
  co_return std::nullopt;
}

void Http1Connection::note_progress() {
  if (first_byte_ == Instant() && !reader_.complete() && reader_.started()) first_byte_ = Clock::now();
  if (has_events_ && first_event_ == Instant() && events_.events() > 0) first_event_ = Clock::now();
}

Http1Connection::Read Http1Connection::read_once(std::optional<Failure>& failure) {
  const Received received = transport_.receive();
  switch (received.kind) {
    case Received::Kind::bytes:
      reader_.feed(received.bytes.data(), received.bytes.size());
      note_progress();
      break;
    case Received::Kind::part:
      return Read::progress;
    case Received::Kind::would_block:
      return Read::would_block;
    case Received::Kind::end:
    case Received::Kind::truncated:
      reader_.feed_eof(received.kind == Received::Kind::end);
      peer_ended_ = true;
      break;
    case Received::Kind::reset:
    case Received::Kind::tls_failed:
      peer_ended_ = true;
      if (reader_.complete()) break;
      failure = received.kind == Received::Kind::reset ? Failure::reset : Failure::tls;
      if (failure == Failure::tls) remarks_.add(transport_.trouble().what);
      return Read::progress;
  }
  if (reader_.failed()) failure = read_failure(reader_.error());
  return Read::progress;
}

void Http1Connection::start(const Outgoing& request) {
  has_events_ = request.events.has_value();
  if (has_events_) events_.start(*request.events);
  reader_.keep_fields(request.wants_fields);
  reader_.start(request.to_head, request.wants_body, has_events_ ? &events_ : nullptr);
  peer_ended_ = false;
  first_byte_ = first_event_ = Instant();
}

Task<Exchange> Http1Connection::exchange(const Outgoing& request, Instant deadline) {
  if (stopped_ == StopCause::cut) co_return Exchange{.failure = {}, .cut = true};
  stopped_ = StopCause::none;
  deadline_ = deadline;
  start(request);
  std::optional<Failure> failure;
  std::string_view rest = request.bytes;
  if (!transport_.send_now(rest)) failure = co_await send_rest(rest);
  // The answer is hardly ever there at once: waiting first saves a fruitless read.
  bool blocked = true;
  while (!failure && (!is_answered() || transport_.has_more())) {
    if (blocked && !transport_.stream().has_happened()) co_await transport_.stream().happening();
    if (stopped_ == StopCause::none) {
      blocked = read_once(failure) == Read::would_block;
    } else {
      failure = Failure::timeout;
    }
  }
  deadline_.reset();
  if (failure || peer_ended_ || !reader_.keep_alive()) close();
  if (stopped_ == StopCause::cut) co_return Exchange{.failure = {}, .cut = true};
  const bool gone = failure == Failure::closed || failure == Failure::reset;
  co_return Exchange{.failure = failure, .cut = false, .stale = gone && !reader_.started(), .opened = 0};
}

}  // namespace burstgate::load

#include "load/websocket_session.hpp"

#include <boost/asio/co_spawn.hpp>

#include "base/assert.hpp"

namespace burstgate::load {

using measure::Failure;

WebSocketSession::WebSocketSession(asio::io_context& context, const Peer& peer,
                                   std::shared_ptr<const WebSocketScript> script, std::uint64_t user)
    : context_(context),
      peer_(peer),
      script_(std::move(script)),
      conversation_(user),
      late_reader_(context.get_executor()) {}

// ---- the connection's life ----

Task<Handshake> WebSocketSession::open(Instant deadline) {
  let_go();
  if (stopped_ == StopCause::cut) co_return Handshake{};
  stopped_ = StopCause::none;
  stream_ = make_websocket_stream(context_, peer_);
  stream_->on_control = [this](WebSocketStream::Control control) { told(control); };
  busy_ = true;
  deadline_ = deadline;
  Handshake handshake = co_await stream_->open(peer_, *script_);
  busy_ = false;
  deadline_.reset();
  if (stopped_ == StopCause::timeout) {
    handshake = {Failure::connect_timeout, 0, "no complete answer to the handshake in time"};
  }
  if (handshake.failure || stopped_ != StopCause::none) {
    stream_->abort();
    co_return handshake;
  }
  open_ = true;
  peer_closed_ = pong_is_due_ = false;
  pings_received_ = 0;
  drops_ = 0;
  if (script_->heartbeat) next_ping_ = Clock::now() + *script_->heartbeat;
  asio::co_spawn(context_, read_messages(shared_from_this(), stream_), rethrow);
  co_return handshake;
}

// Once for each connection, whoever ends it.
void WebSocketSession::ended(Failure failure) {
  if (!open_) return;
  open_ = false;
  end_ = failure;
  if (!peer_closed_ && account_ != nullptr) account_->unclean_close(script_->index, Clock::now());
  waiter_.go_on_soon(context_);
}

// The stream that was closed by the peer still answers that, and waits for the peer to leave; another one must go.
void WebSocketSession::let_go() {
  if (leaving_) leaving_->abort();
  leaving_.reset();
  if (!stream_) return;
  if (peer_closed_) {
    leaving_ = std::move(stream_);
    leave_by_ = Clock::now() + closing_limit;
  } else {
    stream_->abort();
  }
  stream_.reset();
  late_reader_.cancel();
}

Task<void> WebSocketSession::close(int code) {
  if (!open_) co_return;
  stopped_ = StopCause::none;  // a run that was cut still says goodbye
  busy_ = true;
  deadline_ = Clock::now() + closing_limit;
  error_code error;
  co_await stream_->close(code, error);
  busy_ = false;
  deadline_.reset();
  peer_closed_ = peer_closed_ || !error;
  ended(Failure::closed);
  stream_->abort();
}

void WebSocketSession::abandon() {
  peer_closed_ = true;  // it was us: not the service's unclean close
  ended(Failure::closed);
  if (stream_) stream_->abort();
  if (leaving_) leaving_->abort();
  late_reader_.cancel();
}

// ---- what comes ----

Task<void> WebSocketSession::read_messages(std::shared_ptr<WebSocketSession> self,
                                           std::shared_ptr<WebSocketStream> stream) {
  const auto is_current = [&] { return self->stream_ == stream && self->open_; };
  for (;;) {
    error_code error;
    co_await stream->read(error);
    if (error) {
      if (is_current()) self->ended(failure_of(error));
      stream->abort();
      co_return;
    }
    if (!is_current()) co_return;
    self->received(stream->message(), Clock::now());
    if (self->script_->read_delay == Duration(0)) continue;
    error_code ignored;
    self->late_reader_.expires_after(self->script_->read_delay);
    co_await self->late_reader_.async_wait(into(ignored));
    if (!is_current()) co_return;
  }
}

void WebSocketSession::received(std::string_view bytes, Instant now) {
  IncomingMessage message(bytes);
  const Fit fit = conversation_.fit(message);
  if (account_ != nullptr) account_->received(script_->index, fit, now);
  if (script_->drops) read_drops(message, now);
  if (fit != Fit::awaited) return;
  replied_at_ = now;
  waiter_.go_on();
}

void WebSocketSession::read_drops(IncomingMessage& message, Instant now) {
  const auto value = message.number_at(script_->drops->place);
  if (!value) return;
  if (account_ != nullptr) account_->drops_read(script_->index, drops_, *value, now);
  drops_ = *value;
}

void WebSocketSession::told(WebSocketStream::Control control) {
  switch (control) {
    case WebSocketStream::Control::ping:
      ++pings_received_;
      break;
    case WebSocketStream::Control::pong:
      pong_is_due_ = false;
      break;
    case WebSocketStream::Control::close:
      peer_closed_ = true;
      ended(Failure::closed);
      break;
  }
}

// ---- what goes ----

void WebSocketSession::lost() {
  conversation_.give_up();
  if (account_ != nullptr) account_->lost(script_->index, Clock::now());
}

Task<Exchange> WebSocketSession::exchange(const MessageStep& step, Instant deadline) {
  if (stopped_ == StopCause::cut) co_return Exchange{.failure = {}, .cut = true};
  stopped_ = StopCause::none;
  if (!open_) co_return Exchange{.failure = end_};
  const std::uint64_t id = step.send ? conversation_.next_id() : 0;
  if (step.await) conversation_.expect(*step.await, id);  // before the send: the reply may be faster than we are
  deadline_ = deadline;
  if (step.send) {
    busy_ = true;
    error_code error;
    co_await stream_->write(step.send->with_id(id, outgoing_), step.send->binary, error);
    busy_ = false;
    if (!error && account_ != nullptr) account_->sent(script_->index, Clock::now());
    if (error) ended(failure_of(error));
    if (error && stopped_ == StopCause::timeout) end_ = Failure::send_timeout;
  }
  while (step.await && conversation_.waits() && open_ && stopped_ == StopCause::none) co_await waiter_.wait();
  deadline_.reset();
  if (step.await ? !conversation_.waits() : open_) co_return Exchange{};
  if (stopped_ == StopCause::cut) co_return Exchange{.failure = {}, .cut = true};
  const bool ambiguous = conversation_.takes_any_id();
  if (step.await) lost();
  if (!open_) co_return Exchange{.failure = end_};
  if (ambiguous) co_await close(1000);
  co_return Exchange{.failure = Failure::timeout};
}

// ---- what the tick looks at ----

void WebSocketSession::stop(StopCause cause) {
  if (stopped_ == StopCause::cut) cause = StopCause::cut;  // it had its closing_limit, and that is over
  const bool may_finish = cause == StopCause::cut && stopped_ != StopCause::cut && busy_ && open_;
  stopped_ = cause;
  deadline_.reset();
  if (may_finish) {  // most likely it has been written, and only the word of that is still to come
    deadline_ = Clock::now() + closing_limit;
  } else if (busy_) {
    if (cause == StopCause::cut) abandon();
    stream_->abort();
  }
  waiter_.go_on_soon(context_);
}

void WebSocketSession::look(Instant now) {
  if (deadline_ && *deadline_ <= now) stop(StopCause::timeout);
  if (leaving_ && leave_by_ <= now) leaving_->abort(), leaving_.reset();
  if (!open_) return;
  if (now >= ping_count_until_) {
    ping_count_until_ = now + std::chrono::seconds(1);
    pings_received_ = 0;
  }
  if (pings_received_ > max_pings_per_s) {
    ended(Failure::protocol);
    stream_->abort();
  } else if (script_->heartbeat && now >= next_ping_ && !busy_) {
    look_at_heartbeat(now);
  }
}

void WebSocketSession::look_at_heartbeat(Instant now) {
  if (pong_is_due_) {  // the one before was never answered
    ended(Failure::timeout);
    stream_->abort();
    return;
  }
  stream_->ping();
  pong_is_due_ = true;
  next_ping_ = now + *script_->heartbeat;
}

void WebSocketSession::resume(WebSocketAccount& account) {
  account_ = &account;
  stopped_ = StopCause::none;
  if (conversation_.waits()) {  // cut with the slice before
    if (conversation_.takes_any_id()) abandon();
    conversation_.give_up();
  }
  // Between two slices nobody looked: a pong may lie unread.
  pong_is_due_ = false;
  if (script_->heartbeat) next_ping_ = Clock::now() + *script_->heartbeat;
}

}  // namespace burstgate::load

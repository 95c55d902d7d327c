// The answer is read by waiting until something happened to the socket and then reading into one large buffer that all
// connections of the thread share: one recv per answer, no buffer per connection.
#include "load/http1_connection.hpp"

#include <sys/socket.h>

#include <boost/asio/error.hpp>
#include <cerrno>

namespace burstgate::load {

using measure::Failure;

Http1Connection::Http1Connection(asio::io_context& context, Readiness& readiness, const Tcp::endpoint& peer,
                                 const protocol::ResponseLimits& limits, protocol::HeadCache& heads,
                                 std::span<char> read_buffer)
    : Connection(context),
      connecting_(context.get_executor()),
      readiness_(readiness),
      stream_(readiness),
      peer_(peer),
      reader_(limits, &heads),
      read_buffer_(read_buffer) {}

void Http1Connection::close() {
  stream_.close();
}

void Http1Connection::wake() {
  error_code ignored;
  if (connecting_.is_open()) connecting_.cancel(ignored);
  stream_.wake();
}

Answer Http1Connection::answer() const {
  return {.status = reader_.complete() ? reader_.status() : 0,
          .body_bytes = reader_.body_bytes(),
          .body = reader_.body(),
          .anomalies = reader_.anomalies(),
          .fields = &reader_.fields()};
}

namespace {

Failure connect_failure(const error_code& error) {
  if (error == asio::error::connection_refused) return Failure::refused;
  if (error == asio::error::timed_out) return Failure::connect_timeout;
  // Our own shortages: descriptors, local ports.
  switch (error.value()) {
    case EMFILE:
    case ENFILE:
    case EADDRNOTAVAIL:
    case EADDRINUSE:
      return Failure::generator;
    default:
      return Failure::connect;
  }
}

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
  error_code error;
  connecting_.open(peer_.protocol(), error);
  if (!error) {
    const Readiness::Urgent urgent(readiness_);
    deadline_ = deadline;
    co_await connecting_.async_connect(peer_, into(error));
    deadline_.reset();
  }
  error_code ignored;
  if (error || stopped_ != StopCause::none) {
    connecting_.close(ignored);
    if (stopped_ == StopCause::cut) co_return Exchange{.failure = {}, .cut = true};
    co_return Exchange{.failure =
                           error && stopped_ == StopCause::none ? connect_failure(error) : Failure::connect_timeout};
  }
  connecting_.set_option(Tcp::no_delay(true), ignored);
  stream_.adopt(connecting_.release());
  co_return Exchange{};
}

IdleState Http1Connection::check_idle() {
  char byte;
  const auto received = ::recv(stream_.descriptor(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  if (received < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return IdleState::usable;
  close();
  return received > 0 ? IdleState::unsolicited_bytes : IdleState::closed_by_peer;
}

// Writes what the socket takes at once; returns the rest. A peer that refuses it may still have said why, so an error
// is left for reading to find.
std::string_view Http1Connection::send_now(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = ::send(stream_.descriptor(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent > 0) {
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      return bytes;
    } else if (errno != EINTR) {
      return {};
    }
  }
  return {};
}

Task<std::optional<Failure>> Http1Connection::send_rest(std::string_view bytes) {
  while (!bytes.empty()) {
    if (!stream_.has_happened()) co_await stream_.happening();
    if (stopped_ != StopCause::none) co_return Failure::send_timeout;
    bytes = send_now(bytes);
  }
  co_return std::nullopt;
}

Http1Connection::Read Http1Connection::read_once(std::optional<Failure>& failure) {
  const auto received = ::recv(stream_.descriptor(), read_buffer_.data(), read_buffer_.size(), MSG_DONTWAIT);
  if (received > 0) {
    reader_.feed(read_buffer_.data(), static_cast<std::size_t>(received));
  } else if (received == 0) {
    reader_.feed_eof();
  } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
    return Read::would_block;
  } else if (errno != EINTR) {
    failure = Failure::reset;
  }
  if (reader_.failed()) failure = read_failure(reader_.error());
  return Read::progress;
}

Task<Exchange> Http1Connection::exchange(const Outgoing& request, Instant deadline) {
  if (stopped_ == StopCause::cut) co_return Exchange{.failure = {}, .cut = true};
  stopped_ = StopCause::none;
  deadline_ = deadline;
  reader_.keep_fields(request.wants_fields);
  reader_.start(request.to_head, request.wants_body);
  std::optional<Failure> failure;
  if (const auto rest = send_now(request.bytes); !rest.empty()) failure = co_await send_rest(rest);
  // The answer is hardly ever there at once: waiting first saves a fruitless read.
  bool blocked = true;
  while (!failure && !reader_.complete()) {
    if (blocked && !stream_.has_happened()) co_await stream_.happening();
    if (stopped_ == StopCause::none) {
      blocked = read_once(failure) == Read::would_block;
    } else {
      failure = Failure::timeout;
    }
  }
  deadline_.reset();
  if (failure || !reader_.keep_alive()) close();
  if (stopped_ == StopCause::cut) co_return Exchange{.failure = {}, .cut = true};
  const bool gone = failure == Failure::closed || failure == Failure::reset;
  co_return Exchange{.failure = failure, .cut = false, .stale = gone && !reader_.started()};
}

}  // namespace burstgate::load

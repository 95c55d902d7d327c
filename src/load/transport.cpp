// TLS is a step between the socket and whoever speaks HTTP: one recv into the thread's buffer, whose second half holds
// the records and whose first half what was in them. docs/decisions/0008 has the measurement.
#include "load/transport.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

#include "load/connect_failure.hpp"

namespace burstgate::load {

using measure::Failure;
using protocol::TlsSession;

namespace {

constexpr std::size_t plain_piece_bytes = 64u << 10;  // of a large request that is encrypted at a time

bool would_block(int error) {
  return error == EAGAIN || error == EWOULDBLOCK;
}

}  // namespace

Transport::Transport(asio::io_context& context, Readiness& readiness, const Peer& peer, std::span<char> buffer)
    : connecting_(context.get_executor()), readiness_(readiness), stream_(readiness), peer_(peer), buffer_(buffer) {}

void Transport::close() {
  if (tls_ && stream_.is_open()) {
    tls_->say_close();
    flush_tls();
  }
  tls_.reset();
  stream_.close();
}

void Transport::interrupt() {
  interrupted_ = true;
  error_code ignored;
  if (connecting_.is_open()) connecting_.cancel(ignored);
  stream_.wake();
}

Task<std::optional<Failure>> Transport::connect() {
  close();
  interrupted_ = false;
  trouble_ = {};
  std::optional<Failure> failure = co_await connect_tcp();
  if (!failure && peer_.tls) failure = co_await shake_hands();
  if (failure) {
    tls_.reset();
    stream_.close();
  }
  co_return failure;
}

Task<std::optional<Failure>> Transport::connect_tcp() {
  error_code error;
  connecting_.open(peer_.endpoint.protocol(), error);
  if (!error) {
    const Readiness::Urgent urgent(readiness_);
    co_await connecting_.async_connect(peer_.endpoint, into(error));
  }
  error_code ignored;
  if (error || interrupted_) {
    connecting_.close(ignored);
    co_return error && !interrupted_ ? connect_failure(error) : Failure::connect_timeout;
  }
  connecting_.set_option(Tcp::no_delay(true), ignored);
  stream_.adopt(connecting_.release());
  co_return std::nullopt;
}

Task<std::optional<Failure>> Transport::shake_hands() {
  tls_ = std::make_unique<TlsSession>(*peer_.tls, ticket_);
  for (;;) {
    const TlsSession::Handshake step = tls_->handshake();
    flush_tls();  // what the socket does not take goes before the next thing that is sent
    if (step == TlsSession::Handshake::failed) {
      trouble_ = tls_->trouble();
      co_return Failure::tls;
    }
    if (step == TlsSession::Handshake::done) co_return std::nullopt;
    if (!stream_.has_happened()) co_await stream_.happening();
    if (interrupted_) co_return Failure::connect_timeout;
    const auto records = buffer_.subspan(buffer_.size() / 2);
    const auto received = ::recv(stream_.descriptor(), records.data(), records.size(), MSG_DONTWAIT);
    if (received > 0) {
      tls_->give({records.data(), static_cast<std::size_t>(received)});
    } else if (received == 0 || (!would_block(errno) && errno != EINTR)) {
      tls_->give_end();
    }
  }
}

std::string_view Transport::write_now(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = ::send(stream_.descriptor(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent > 0) {
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    } else if (would_block(errno)) {
      return bytes;
    } else if (errno != EINTR) {
      return {};
    }
  }
  return {};
}

bool Transport::flush_tls() {
  std::string& outgoing = tls_->outgoing();
  const std::string_view rest = write_now(outgoing);
  outgoing.erase(0, outgoing.size() - rest.size());
  return outgoing.empty();
}

bool Transport::send_now(std::string_view& bytes) {
  if (!tls_) {
    bytes = write_now(bytes);
    return bytes.empty();
  }
  while (flush_tls()) {
    if (bytes.empty()) return true;
    const std::string_view piece = bytes.substr(0, plain_piece_bytes);
    bytes.remove_prefix(piece.size());
    if (!tls_->write(piece)) bytes = {};
  }
  return false;
}

Received Transport::receive() {
  if (tls_) return receive_tls();
  const auto received = ::recv(stream_.descriptor(), buffer_.data(), buffer_.size(), MSG_DONTWAIT);
  if (received > 0) {
    const auto size = static_cast<std::size_t>(received);
    return {Received::Kind::bytes, {buffer_.data(), size}, size < buffer_.size()};
  }
  if (received == 0) return {Received::Kind::end};
  if (would_block(errno)) return {Received::Kind::would_block};
  return {errno == EINTR ? Received::Kind::part : Received::Kind::reset};
}

Received Transport::receive_tls() {
  if (tls_->has_unread()) return decrypt();
  const auto records = buffer_.subspan(buffer_.size() / 2);
  const auto received = ::recv(stream_.descriptor(), records.data(), records.size(), MSG_DONTWAIT);
  if (received > 0) {
    tls_->give({records.data(), static_cast<std::size_t>(received)});
  } else if (received == 0) {
    tls_->give_end();
  } else if (would_block(errno)) {
    return {Received::Kind::would_block};
  } else {
    return {errno == EINTR ? Received::Kind::part : Received::Kind::reset};
  }
  emptied_ = static_cast<std::size_t>(received) < records.size();
  return decrypt();
}

Received Transport::decrypt() {
  std::size_t size = 0;
  switch (tls_->read(buffer_.data(), buffer_.size() / 2, size)) {
    case TlsSession::Read::data:
      return {Received::Kind::bytes, {buffer_.data(), size}, emptied_};
    case TlsSession::Read::wants_bytes:
      return {Received::Kind::part};
    case TlsSession::Read::closed:
      return {Received::Kind::end};
    case TlsSession::Read::truncated:
      return {Received::Kind::truncated};
    case TlsSession::Read::failed:
      trouble_ = tls_->trouble();
      break;
  }
  return {Received::Kind::tls_failed};
}

// TLS has things of its own to say between two answers (session tickets, new keys): only reading tells.
Received Transport::look_idle() {
  if (tls_) {
    Received seen = receive();
    while (seen.kind == Received::Kind::part) seen = receive();
    return seen;
  }
  char byte;
  const auto received = ::recv(stream_.descriptor(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  if (received < 0 && would_block(errno)) return {Received::Kind::would_block};
  return {received > 0 ? Received::Kind::bytes : Received::Kind::end};
}

}  // namespace burstgate::load

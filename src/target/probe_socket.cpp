#include "target/probe_socket.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace burstgate::target {

namespace {

constexpr std::chrono::milliseconds drain_time{20};
constexpr std::size_t part_bytes = 16u << 10;  // a whole TLS record

}  // namespace

ProbeSocket::ProbeSocket(const addrinfo& address, Clock::time_point end, const protocol::TlsContext* tls)
    : descriptor_(::socket(address.ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)),
      end_(end),
      context_(tls) {}

std::string ProbeSocket::connect(const addrinfo& address) {
  std::string error = connect_tcp(address);
  if (error.empty() && context_ != nullptr) error = shake_hands();
  return error;
}

std::string ProbeSocket::connect_tcp(const addrinfo& address) {
  if (::connect(descriptor_.number(), address.ai_addr, address.ai_addrlen) == 0) return "";
  if (errno != EINPROGRESS) return std::strerror(errno);
  if (!ready(POLLOUT)) return "connect timed out";
  int error = 0;
  socklen_t size = sizeof error;
  ::getsockopt(descriptor_.number(), SOL_SOCKET, SO_ERROR, &error, &size);
  return error == 0 ? "" : std::strerror(error);
}

std::string ProbeSocket::shake_hands() {
  tls_ = std::make_unique<protocol::TlsSession>(*context_, ticket_);
  for (;;) {
    const auto step = tls_->handshake();
    std::string error = flush_tls();
    if (step == protocol::TlsSession::Handshake::failed) return tls_->trouble().what;
    if (!error.empty() || step == protocol::TlsSession::Handshake::done) return error;
    records_.clear();
    error = receive_some(records_);
    if (!error.empty()) return error;
    if (records_.empty()) tls_->give_end();
    tls_->give(records_);
  }
}

std::string ProbeSocket::send_all(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(descriptor_.number(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    } else if (errno != EAGAIN && errno != EINTR) {
      return std::strerror(errno);
    } else if (!ready(POLLOUT)) {
      return "what was sent was not taken in time";
    }
  }
  return "";
}

std::string ProbeSocket::flush_tls() {
  const std::string error = tls_->outgoing().empty() ? "" : send_all(tls_->outgoing());
  tls_->outgoing().clear();
  return error;
}

std::string ProbeSocket::send(std::string_view bytes) {
  if (!tls_) return send_all(bytes);
  if (!tls_->write(bytes)) return "TLS failed";
  return flush_tls();
}

std::string ProbeSocket::receive_some(std::string& bytes) {
  if (!ready(POLLIN)) return "no answer in time";
  char part[part_bytes];
  const ssize_t size = ::recv(descriptor_.number(), part, sizeof part, 0);
  if (size < 0) return std::strerror(errno);
  bytes.append(part, static_cast<std::size_t>(size));
  return "";
}

std::string ProbeSocket::receive(std::string& bytes) {
  const std::size_t before = bytes.size();
  while (bytes.size() == before) {
    if (!tls_ || !tls_->has_unread()) {
      std::string& into = tls_ ? records_ : bytes;
      if (tls_) records_.clear();
      if (std::string error = receive_some(into); !error.empty()) return error;
      if (into.size() == (tls_ ? 0 : before)) return "closed without an answer";
      if (!tls_) return "";
      tls_->give(records_);
    }
    char plain[part_bytes];
    std::size_t size = 0;
    const auto read = tls_->read(plain, sizeof plain, size);
    if (read == protocol::TlsSession::Read::data) bytes.append(plain, size);
    if (read == protocol::TlsSession::Read::closed) return "closed without an answer";
    if (read == protocol::TlsSession::Read::failed) return tls_->trouble().what;
  }
  return "";
}

void ProbeSocket::drain() {
  end_ = std::min(end_, Clock::now() + drain_time);
  char part[part_bytes];
  while (ready(POLLIN) && ::recv(descriptor_.number(), part, sizeof part, 0) > 0) {
  }
}

bool ProbeSocket::ready(short events) {
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end_ - Clock::now()).count();
  pollfd waiting{descriptor_.number(), events, 0};
  return ::poll(&waiting, 1, static_cast<int>(std::max<std::int64_t>(left, 0))) > 0;
}

}  // namespace burstgate::target

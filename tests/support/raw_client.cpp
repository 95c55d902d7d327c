#include "support/raw_client.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <utility>

namespace burstgate::test {

namespace {
constexpr int patience_ms = 20'000;
}

RawClient::RawClient(std::uint16_t port, std::chrono::milliseconds within) {
  descriptor_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(descriptor_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 && errno != EINPROGRESS) {
    errno_ = errno;
    return;
  }
  pollfd waiting{descriptor_, POLLOUT, 0};
  if (::poll(&waiting, 1, static_cast<int>(within.count())) <= 0) return;
  socklen_t size = sizeof errno_;
  ::getsockopt(descriptor_, SOL_SOCKET, SO_ERROR, &errno_, &size);
  connected_ = errno_ == 0;
}

RawClient::~RawClient() {
  ::close(descriptor_);
}

bool RawClient::send(std::string_view bytes) {
  while (!bytes.empty()) {
    pollfd waiting{descriptor_, POLLOUT, 0};
    if (::poll(&waiting, 1, patience_ms) <= 0) return false;
    const ssize_t sent = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno != EAGAIN) {
      errno_ = errno;
      return false;
    }
    if (sent > 0) bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

bool RawClient::receive() {
  pollfd waiting{descriptor_, POLLIN, 0};
  if (::poll(&waiting, 1, patience_ms) <= 0) {
    errno_ = ETIMEDOUT;
    return false;
  }
  char bytes[16384];
  const ssize_t size = ::recv(descriptor_, bytes, sizeof bytes, 0);
  errno_ = size < 0 ? errno : 0;
  if (size > 0) received_.append(bytes, static_cast<std::size_t>(size));
  return size > 0;
}

std::string RawClient::response(bool to_head) {
  std::size_t head_end;
  while ((head_end = received_.find("\r\n\r\n")) == std::string::npos) {
    if (!receive()) return "";
  }
  std::size_t length = head_end + 4;
  const std::size_t field = received_.find("Content-Length: ");
  if (!to_head && field < head_end) length += std::strtoul(received_.c_str() + field + 16, nullptr, 10);
  while (received_.size() < length) {
    if (!receive()) return "";
  }
  const std::string whole = received_.substr(0, length);
  received_.erase(0, length);
  return whole;
}

std::string RawClient::rest() {
  while (receive()) {
  }
  return std::exchange(received_, "");
}

void RawClient::shutdown_wr() {
  ::shutdown(descriptor_, SHUT_WR);
}

std::string RawClient::get(const std::string& path) {
  if (!send("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")) return "";
  return response();
}

int status_of(const std::string& response) {
  return response.size() < 12 ? 0 : std::atoi(response.c_str() + 9);
}

std::string body_of(const std::string& response) {
  const std::size_t head_end = response.find("\r\n\r\n");
  return head_end == std::string::npos ? "" : response.substr(head_end + 4);
}

}  // namespace burstgate::test

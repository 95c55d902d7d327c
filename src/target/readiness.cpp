#include "target/readiness.hpp"

#include <fmt/format.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>

namespace burstgate::target {

namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds drain_time{20};
constexpr std::size_t status_line_bytes = 12;  // "HTTP/1.1 200"

// A descriptor for the length of a probe, and the probe's end.
class ProbeSocket {
 public:
  ProbeSocket(const addrinfo& address, Clock::time_point end)
      : descriptor_(::socket(address.ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)), end_(end) {}
  ~ProbeSocket() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  ProbeSocket(const ProbeSocket&) = delete;
  ProbeSocket& operator=(const ProbeSocket&) = delete;

  // Each returns an error text, empty when all is well.
  std::string connect(const addrinfo& address) {
    if (::connect(descriptor_, address.ai_addr, address.ai_addrlen) == 0) return "";
    if (errno != EINPROGRESS) return std::strerror(errno);
    if (!ready(POLLOUT)) return "connect timed out";
    int error = 0;
    socklen_t size = sizeof error;
    ::getsockopt(descriptor_, SOL_SOCKET, SO_ERROR, &error, &size);
    return error == 0 ? "" : std::strerror(error);
  }
  std::string send(const std::string& request) {
    const ssize_t sent = ::send(descriptor_, request.data(), request.size(), MSG_NOSIGNAL);
    return sent == static_cast<ssize_t>(request.size()) ? "" : std::strerror(errno);
  }
  std::string receive(std::string& bytes) {
    while (bytes.size() < status_line_bytes) {
      if (!ready(POLLIN)) return "no answer in time";
      char part[4096];
      const ssize_t size = ::recv(descriptor_, part, sizeof part, 0);
      if (size < 0) return std::strerror(errno);
      if (size == 0) return "closed without an answer";
      bytes.append(part, static_cast<std::size_t>(size));
    }
    return "";
  }
  // Reads what is left, so that the service does not meet a reset; not for long, it may keep the connection open.
  void drain() {
    end_ = std::min(end_, Clock::now() + drain_time);
    char part[4096];
    while (ready(POLLIN) && ::recv(descriptor_, part, sizeof part, 0) > 0) {
    }
  }

 private:
  bool ready(short events) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end_ - Clock::now()).count();
    pollfd waiting{descriptor_, events, 0};
    return ::poll(&waiting, 1, static_cast<int>(std::max<std::int64_t>(left, 0))) > 0;
  }

  int descriptor_;
  Clock::time_point end_;
};

std::string numeric(const addrinfo& address) {
  char text[NI_MAXHOST] = "?";
  ::getnameinfo(address.ai_addr, address.ai_addrlen, text, sizeof text, nullptr, 0, NI_NUMERICHOST);
  return text;
}

ProbeResult probe_address(const addrinfo& address, const std::string& request, Clock::time_point end) {
  ProbeSocket socket(address, end);
  std::string answer;
  std::string error = socket.connect(address);
  if (error.empty()) error = socket.send(request);
  if (error.empty()) error = socket.receive(answer);
  if (!error.empty()) return {false, numeric(address) + ": " + error};
  if (!answer.starts_with("HTTP/1.")) return {false, numeric(address) + ": not an HTTP answer"};
  socket.drain();
  const std::string status = answer.substr(9, 3);
  return {status[0] == '2', fmt::format("{}: status {}", numeric(address), status)};
}

}  // namespace

ProbeResult probe(const std::string& host, std::uint16_t port, const std::string& path,
                  std::chrono::milliseconds within) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const int error = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found);
  if (error != 0) return {false, fmt::format("{}: {}", host, ::gai_strerror(error))};
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> addresses(found, &::freeaddrinfo);

  const bool ipv6_literal = host.find(':') != std::string::npos;
  const std::string request =
      fmt::format("GET {} HTTP/1.1\r\nHost: {}:{}\r\nUser-Agent: burstgate\r\nConnection: close\r\n\r\n", path,
                  ipv6_literal ? "[" + host + "]" : host, port);
  std::string tried;
  for (const addrinfo* address = found; address != nullptr; address = address->ai_next) {
    ProbeResult result = probe_address(*address, request, Clock::now() + within);
    if (result.good) return result;
    tried += (tried.empty() ? "" : ", ") + result.text;
  }
  return {false, tried};
}

}  // namespace burstgate::target

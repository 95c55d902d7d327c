#include "target/readiness.hpp"

#include <fmt/format.h>
#include <netdb.h>
#include <sys/socket.h>

#include "protocol/http2.hpp"
#include "protocol/http2_request.hpp"
#include "target/probe_socket.hpp"

namespace burstgate::target {

namespace {

using Clock = ProbeSocket::Clock;
constexpr std::size_t status_line_bytes = 12;  // "HTTP/1.1 200"
constexpr std::size_t frames_at_once = 64u << 10;

std::string numeric(const addrinfo& address) {
  char text[NI_MAXHOST] = "?";
  ::getnameinfo(address.ai_addr, address.ai_addrlen, text, sizeof text, nullptr, 0, NI_NUMERICHOST);
  return text;
}

// Each asks and sets the status, or returns an error text.
std::string ask_http1(ProbeSocket& socket, const std::string& request, std::string& status) {
  std::string answer;
  std::string error = socket.send(request);
  while (error.empty() && answer.size() < status_line_bytes) error = socket.receive(answer);
  if (!error.empty()) return error;
  if (!answer.starts_with("HTTP/1.")) return "not an HTTP answer";
  socket.drain();
  status = answer.substr(9, 3);
  return "";
}

std::string ask_http2(ProbeSocket& socket, const std::string& request, const char* scheme, std::string& status) {
  protocol::Http2Session session{protocol::ResponseLimits{}};
  protocol::Http2Exchange exchange;
  session.submit(exchange, protocol::http2_fields(request, scheme), false, "");
  std::string error;
  while (error.empty() && exchange.end == protocol::Http2End::none) {
    std::string frames;
    session.take_output(frames, frames_at_once);
    if (!frames.empty()) error = socket.send(frames);
    std::string bytes;
    if (error.empty()) error = socket.receive(bytes);
    session.feed(bytes);
    if (session.is_broken()) error = session.trouble();
  }
  if (error.empty() && exchange.end != protocol::Http2End::complete) error = session.trouble();
  if (error.empty()) status = std::to_string(exchange.status);
  if (exchange.end == protocol::Http2End::none) session.cancel(exchange);
  return error;
}

ProbeResult probe_address(const addrinfo& address, const std::string& request, Clock::time_point end,
                          const Speech& speech) {
  ProbeSocket socket(address, end, speech.tls.get());
  std::string status;
  std::string error = socket.connect(address);
  if (error.empty() && speech.connects_only) return {true, numeric(address) + ": connected"};
  if (error.empty()) {
    error = speech.http2 ? ask_http2(socket, request, speech.tls ? "https" : "http", status)
                         : ask_http1(socket, request, status);
  }
  if (!error.empty()) return {false, numeric(address) + ": " + error};
  return {status[0] == '2', fmt::format("{}: status {}", numeric(address), status)};
}

}  // namespace

ProbeResult probe(const std::string& host, std::uint16_t port, const std::string& path,
                  std::chrono::milliseconds within, const Speech& speech) {
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
    ProbeResult result = probe_address(*address, request, Clock::now() + within, speech);
    if (result.good) return result;
    tried += (tried.empty() ? "" : ", ") + result.text;
  }
  return {false, tried};
}

}  // namespace burstgate::target

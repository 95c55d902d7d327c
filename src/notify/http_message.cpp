// The status is the answer; a body only explains it. What has been sent is not sent to another address of the same name
// again: a receiver must not get a message twice.
#include "notify/http_message.hpp"

#include <fmt/format.h>
#include <netdb.h>
#include <sys/socket.h>

#include <future>
#include <memory>
#include <optional>
#include <thread>

#include "base/error.hpp"
#include "base/text.hpp"
#include "protocol/http1.hpp"
#include "protocol/url.hpp"
#include "target/probe_socket.hpp"

namespace burstgate::notify {

namespace {

using target::ProbeSocket;
using Addresses = std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)>;

constexpr std::uint64_t longest_answer = 64u << 10;
constexpr std::size_t longest_excerpt = 200;

struct Resolved {
  int error = 0;
  Addresses addresses{nullptr, &::freeaddrinfo};
};

Resolved resolve(const std::string& host, std::uint16_t port) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV;
  addrinfo* found = nullptr;
  Resolved resolved;
  resolved.error = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found);
  if (resolved.error == 0) resolved.addresses.reset(found);
  return resolved;
}

// A resolver's patience is its own, so it is asked in a thread that may be left behind. Nothing: not in time.
std::optional<Resolved> resolve_until(const protocol::Url& url, ProbeSocket::Clock::time_point end) {
  auto question = std::make_shared<std::packaged_task<Resolved()>>(
      [host = url.host, port = url.port] { return resolve(host, port); });
  auto answer = question->get_future();
  std::thread([question] { (*question)(); }).detach();
  if (answer.wait_until(end) != std::future_status::ready) return std::nullopt;
  return answer.get();
}

std::string request_text(const HttpMessage& message, const protocol::Url& url) {
  return fmt::format(
      "{} {} HTTP/1.1\r\nHost: {}\r\nUser-Agent: burstgate\r\nContent-Type: {}\r\nContent-Length: {}\r\n"
      "Connection: close\r\n\r\n{}",
      message.method, url.target, url.host_header(), message.content_type, message.body.size(), message.body);
}

std::string judged(const protocol::ResponseReader& answer, bool quotes_answer) {
  const int status = answer.status();
  if (status / 100 == 2) return "";
  if (status / 100 == 3) return fmt::format("it answered {}: redirects are not followed", status);
  const std::string excerpt = quotes_answer ? elided(answer.body(), longest_excerpt) : "";
  return fmt::format("it answered {}{}{}", status, excerpt.empty() ? "" : ": ", excerpt);
}

std::string ask(ProbeSocket& socket, const HttpMessage& message, const protocol::Url& url) {
  protocol::ResponseLimits limits;
  limits.body_bytes = longest_answer;
  protocol::ResponseReader answer(limits);
  answer.start(false, true);
  std::string error = socket.send(request_text(message, url));
  std::string bytes;
  while (error.empty() && !answer.complete() && !answer.failed()) {
    bytes.clear();
    error = socket.receive(bytes);
    if (error.empty()) answer.feed(bytes.data(), bytes.size());
  }
  if (answer.status() != 0) return judged(answer, message.quotes_answer);
  return error.empty() ? answer.error_text() : error;
}

std::string send_until(const HttpMessage& message, ProbeSocket::Clock::time_point end) {
  const protocol::Url url = protocol::parse_url(message.url, "");
  std::optional<protocol::TlsContext> tls;
  if (url.is_tls()) {
    protocol::TlsOptions options;
    options.host = url.host;
    options.alpn = "http/1.1";
    tls.emplace(options);
  }
  const auto resolved = resolve_until(url, end);
  if (!resolved) return "its name was not resolved in time";
  if (resolved->error != 0) return ::gai_strerror(resolved->error);
  std::string error;
  for (const addrinfo* address = resolved->addresses.get(); address != nullptr; address = address->ai_next) {
    ProbeSocket socket(*address, end, tls ? &*tls : nullptr);
    error = socket.connect(*address);
    if (error.empty()) return ask(socket, message, url);
  }
  return error;
}

}  // namespace

std::string send(const HttpMessage& message, std::chrono::milliseconds within) {
  try {
    return visible(send_until(message, ProbeSocket::Clock::now() + within));
  } catch (const Error& error) {
    return error.problems().front().what;
  }
}

}  // namespace burstgate::notify

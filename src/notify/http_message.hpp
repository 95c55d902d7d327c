// One message to a receiver outside: an HTTP/1.1 request over a connection of its own, bounded in time. Certificates
// are verified with the system's; nothing is followed elsewhere.
#pragma once

#include <chrono>
#include <string>

namespace burstgate::notify {

struct HttpMessage {
  std::string method = "POST";
  std::string url;  // that protocol::parse_url() takes
  std::string content_type = "application/json";
  std::string body{};
  bool quotes_answer = false;  // in what is said of a refusal; an answer may repeat what it was sent
};

// "" when it was answered 2xx in time; otherwise why not, made visible. The URL is not in it.
std::string send(const HttpMessage& message, std::chrono::milliseconds within);

}  // namespace burstgate::notify

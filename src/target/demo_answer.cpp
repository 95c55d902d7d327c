#include <fmt/format.h>

#include <boost/beast/http/status.hpp>

#include "target/demo_connection.hpp"

namespace burstgate::target {

namespace {

// 1xx, 204 and 304 have no body and (but for 304) no Content-Length: RFC 9110, 8.6.
bool may_have_body(int status) {
  return status >= 200 && status != 204 && status != 304;
}

std::string head_of(int status, std::string_view content_type, std::size_t body_bytes) {
  namespace http = boost::beast::http;
  const auto reason = http::obsolete_reason(http::int_to_status(static_cast<unsigned>(status)));
  std::string head = fmt::format("HTTP/1.1 {} {}\r\n", status, std::string_view(reason.data(), reason.size()));
  if (!may_have_body(status)) return head;
  return head + fmt::format("Content-Type: {}\r\nContent-Length: {}\r\n", content_type, body_bytes);
}

std::string_view field_of(DemoAnswer::Connection connection) {
  switch (connection) {
    case DemoAnswer::Connection::close:
      return "Connection: close\r\n";
    case DemoAnswer::Connection::keep_alive_1_0:
      return "Connection: keep-alive\r\n";
    case DemoAnswer::Connection::keep_alive:
      break;
  }
  return "";
}

}  // namespace

DemoAnswer::DemoAnswer(int status, std::string_view content_type, std::string body, std::string_view fields)
    : head_(head_of(status, content_type, body.size()).append(fields)),
      body_(may_have_body(status) ? std::move(body) : "") {
  whole_ = with(Connection::keep_alive, true);
}

std::string DemoAnswer::with(Connection connection, bool body) const {
  std::string bytes = head_;
  bytes += field_of(connection);
  bytes += "\r\n";
  if (body) bytes += body_;
  return bytes;
}

}  // namespace burstgate::target

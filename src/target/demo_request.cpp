#include "target/demo_request.hpp"

#include <boost/beast/http/error.hpp>
#include <boost/beast/http/rfc7230.hpp>

namespace burstgate::target {

namespace http = boost::beast::http;

namespace {
// Most requests fit into the first; the second is for bodies. Together they bound a connection's memory.
constexpr std::size_t usual_read_bytes = 4u << 10;
constexpr std::size_t body_read_bytes = 32u << 10;
}  // namespace

DemoRequestReader::Parser::Parser(DemoRequest& request) : request_(&request) {
  // Beast counts fields only and up to its own granularity: the exact limit is ours, this one bounds incomplete heads.
  header_limit(max_request_head_bytes + usual_read_bytes);
  body_limit(boost::none);
}

void DemoRequestReader::Parser::on_request_impl(http::verb method, string_view, string_view target, int version,
                                                error_code&) {
  request_->method = method;
  const auto path = target.substr(0, target.find('?'));
  request_->path.assign(path.data(), path.size());
  version_ = version;
}

void DemoRequestReader::Parser::on_field_impl(http::field name, string_view, string_view value, error_code&) {
  if (name == http::field::authorization) request_->authorization.assign(value.data(), value.size());
  if (name == http::field::cookie) request_->cookie.assign(value.data(), value.size());
  if (name == http::field::expect && boost::beast::iequals(value, "100-continue")) request_->expects_continue = true;
}

DemoRequestReader::DemoRequestReader() : buffer_(max_request_head_bytes + body_read_bytes) {
  parser_.emplace(request_);
}

boost::asio::mutable_buffer DemoRequestReader::space() {
  return buffer_.prepare(parser_->is_header_done() ? body_read_bytes : usual_read_bytes);
}

void DemoRequestReader::received(std::size_t bytes) {
  buffer_.commit(bytes);
  parse();
}

void DemoRequestReader::next() {
  request_.expects_continue = false;
  request_.authorization.clear();
  request_.cookie.clear();
  parser_.emplace(request_);
  head_bytes_ = 0;
  parse();
}

void DemoRequestReader::parse() {
  while (buffer_.size() > 0 && !parser_->is_done()) {
    boost::beast::error_code error;
    const bool in_body_of_request = parser_->is_header_done();
    const std::size_t used = parser_->put(buffer_.data(), error);
    if (!in_body_of_request) head_bytes_ += used;
    buffer_.consume(used);
    broken_ = (error && error != http::error::need_more) || head_bytes_ > max_request_head_bytes;
    if (error || broken_) return;
  }
}

}  // namespace burstgate::target

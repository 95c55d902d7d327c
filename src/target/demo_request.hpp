// HTTP/1.1 requests as the built-in service needs them: method, path, framing; bodies are read and dropped.
#pragma once

#include <boost/asio/buffer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace burstgate::target {

inline constexpr std::uint32_t max_request_head_bytes = 64u << 10;

struct DemoRequest {
  boost::beast::http::verb method = boost::beast::http::verb::unknown;
  std::string path;  // without query
  bool expects_continue = false;
  std::string authorization;  // empty: there was no such field
  std::string cookie;
};

// Reads one request after another from a connection's bytes; pipelined ones wait in its buffer.
class DemoRequestReader {
 public:
  DemoRequestReader();

  boost::asio::mutable_buffer space();  // where the next bytes of the connection go ...
  void received(std::size_t bytes);     // ... and how many went there

  bool complete() const { return !broken_ && parser_->is_done(); }
  bool broken() const { return broken_; }
  bool wants_continue() const { return request_.expects_continue && !complete(); }
  void continue_sent() { request_.expects_continue = false; }
  const DemoRequest& request() const { return request_; }
  bool keep_alive() const { return parser_->keep_alive(); }
  bool http_1_0() const { return parser_->is_http_1_0(); }

  void next();  // forgets the complete request, goes on with the bytes behind it

 private:
  class Parser : public boost::beast::http::basic_parser<true> {
   public:
    explicit Parser(DemoRequest& request);
    bool is_http_1_0() const { return version_ == 10; }

   private:
    using string_view = boost::beast::string_view;
    using error_code = boost::beast::error_code;
    void on_request_impl(boost::beast::http::verb method, string_view method_text, string_view target, int version,
                         error_code& error) override;
    void on_response_impl(int, string_view, int, error_code&) override {}
    void on_field_impl(boost::beast::http::field name, string_view name_text, string_view value,
                       error_code& error) override;
    void on_header_impl(error_code&) override {}
    void on_body_init_impl(boost::optional<std::uint64_t> const&, error_code&) override {}
    std::size_t on_body_impl(string_view body, error_code&) override { return body.size(); }
    void on_chunk_header_impl(std::uint64_t, string_view, error_code&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, string_view body, error_code&) override { return body.size(); }
    void on_finish_impl(error_code&) override {}

    DemoRequest* request_;
    int version_ = 11;
  };

  void parse();

  boost::beast::flat_buffer buffer_;
  DemoRequest request_;
  std::optional<Parser> parser_;
  std::size_t head_bytes_ = 0;
  bool broken_ = false;
};

}  // namespace burstgate::target

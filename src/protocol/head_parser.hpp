// Boost.Beast's basic_parser with the points where this project is stricter: transfer codings, folded framing fields,
// the number of fields. Only response_head.cpp includes it, to keep Beast out of other files' compilation.
//
// A basic_parser reads one message and cannot be reset, but it is a hundred bytes on the stack and costs nothing to
// make.
#pragma once

#include <algorithm>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/rfc7230.hpp>
#include <cstdint>
#include <functional>
#include <limits>
#include <string_view>

#include "protocol/characters.hpp"
#include "protocol/response_head.hpp"

namespace burstgate::protocol {

namespace http = boost::beast::http;

// Our own objections, beyond Beast's.
enum class Objection { none, fields, folded_framing, transfer_encoding, old_transfer_encoding, length_too_large };

class HeadParser final : public http::basic_parser<false> {
  using BeastText = boost::beast::string_view;
  using error_code = boost::beast::error_code;

 public:
  HeadParser(std::string_view text, std::uint32_t max_fields) : text_(text), max_fields_(max_fields) {
    body_limit(boost::none);
    header_limit(std::numeric_limits<std::uint32_t>::max());
  }

  // Reads the head at the start of the text. True when it is there, complete and without objection.
  bool read() {
    used_ = put({text_.data(), text_.size()}, error_);
    if (!error_) check_framing();
    return !error_ && objection_ == Objection::none;
  }

  ResponseHead head() const {
    ResponseHead head;
    head.size = used_;
    head.status = status_;
    head.persistent = !close_ && (http11_ || keep_alive_);
    head.chunked = chunked_last_;
    head.sets_cookie = sets_cookie_;
    if (const auto length = content_length(); length && !chunked_last_) head.content_length = *length;
    return head;
  }

  const error_code& error() const { return error_; }
  Objection objection() const { return objection_; }
  // Where the first objectionable line starts; 0: the status line.
  std::size_t bad_line() const { return objection_ == Objection::none ? used_ : objection_at_; }

 private:
  void object(Objection objection) {
    if (objection_ == Objection::none) objection_ = objection, objection_at_ = field_at_;
  }

  // A continuation line in a field that decides about framing is an attack, not an old habit. Beast joins the lines of
  // a folded value elsewhere, or starts it after the first line's end.
  bool is_folded(BeastText name, BeastText value) const {
    const char* const text_end = text_.data() + text_.size();
    if (value.empty()) return false;
    if (std::less<>{}(value.data(), text_.data()) || !std::less<>{}(value.data(), text_end)) return true;
    return std::find(name.data() + name.size(), value.data(), '\n') != value.data();
  }

  void on_transfer_encoding(BeastText value) {
    if (!has_transfer_encoding_) transfer_encoding_at_ = field_at_;
    has_transfer_encoding_ = true;
    std::string_view rest(value.data(), value.size());
    for (bool more = true; more;) {
      const std::size_t comma = rest.find(',');
      more = comma != std::string_view::npos;
      std::string_view coding = rest.substr(0, comma);
      while (!coding.empty() && is_blank(static_cast<unsigned char>(coding.front()))) coding.remove_prefix(1);
      while (!coding.empty() && is_blank(static_cast<unsigned char>(coding.back()))) coding.remove_suffix(1);
      if (coding.empty() || chunked_last_) object(Objection::transfer_encoding);
      chunked_last_ = boost::beast::iequals(coding, "chunked");
      if (more) rest.remove_prefix(comma + 1);
    }
  }

  void on_connection(BeastText value) {
    for (const BeastText token : http::opt_token_list(value)) {
      close_ = close_ || boost::beast::iequals(token, "close");
      keep_alive_ = keep_alive_ || boost::beast::iequals(token, "keep-alive");
    }
  }

  void check_framing() {
    if (has_transfer_encoding_) {
      field_at_ = transfer_encoding_at_;
      if (!http11_) object(Objection::old_transfer_encoding);
      if (!chunked_last_) object(Objection::transfer_encoding);
    }
    field_at_ = content_length_at_;
    if (const auto length = content_length();
        length && *length > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
      object(Objection::length_too_large);
    }
  }

  void on_response_impl(int code, BeastText, int version, error_code&) override {
    status_ = code;
    http11_ = version >= 11;
  }

  void on_field_impl(http::field field, BeastText name, BeastText value, error_code& ec) override {
    field_at_ = static_cast<std::size_t>(name.data() - text_.data());
    if (++fields_ > max_fields_) object(Objection::fields);
    switch (field) {
      case http::field::connection:
        on_connection(value);
        break;
      case http::field::content_length:
        content_length_at_ = field_at_;
        if (is_folded(name, value)) object(Objection::folded_framing);
        break;
      case http::field::transfer_encoding:
        if (is_folded(name, value)) object(Objection::folded_framing);
        on_transfer_encoding(value);
        break;
      case http::field::set_cookie:
        sets_cookie_ = true;
        break;
      default:
        break;
    }
    if (objection_ != Objection::none) ec = http::error::bad_field;
  }

  // Only the head is read here.
  void on_request_impl(http::verb, BeastText, BeastText, int, error_code&) override {}
  void on_header_impl(error_code&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
  std::size_t on_body_impl(BeastText, error_code&) override { return 0; }
  void on_chunk_header_impl(std::uint64_t, BeastText, error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, BeastText, error_code&) override { return 0; }
  void on_finish_impl(error_code&) override {}

  std::string_view text_;
  std::size_t used_ = 0;
  std::size_t field_at_ = 0;
  std::size_t objection_at_ = 0;
  std::size_t content_length_at_ = 0;
  std::size_t transfer_encoding_at_ = 0;
  error_code error_;
  std::uint32_t max_fields_;
  std::uint32_t fields_ = 0;
  int status_ = 0;
  Objection objection_ = Objection::none;
  bool http11_ = false;
  bool close_ = false;
  bool keep_alive_ = false;
  bool has_transfer_encoding_ = false;
  bool chunked_last_ = false;
  bool sets_cookie_ = false;
};

}  // namespace burstgate::protocol

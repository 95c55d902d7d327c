// A request as HTTP/2 sends it, made from the HTTP/1.1 bytes that all requests are rendered to.
#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/field.hpp"

namespace burstgate::protocol {

// Pseudo fields first, names in lower case, nothing that belongs to a connection (RFC 9113, section 8.2.2). `head`: a
// request head as load renders it, its empty line included.
std::vector<Field> http2_fields(std::string_view head, std::string_view scheme);

// Requests that hardly ever change are converted once.
class Http2Requests {
 public:
  static constexpr std::size_t kept = 32;

  struct Converted {
    const std::vector<Field>* fields = nullptr;  // until the next call, or for good when `lasting`
    std::string_view body;                       // part of the message
    bool lasting = false;
  };
  Converted convert(std::string_view message, std::string_view scheme);

 private:
  struct Entry {
    std::string head;
    std::string_view scheme;
    std::vector<Field> fields;
  };
  std::deque<Entry> entries_;  // stay where they are
  std::vector<Field> passing_;
};

}  // namespace burstgate::protocol

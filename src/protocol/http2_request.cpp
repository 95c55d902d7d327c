#include "protocol/http2_request.hpp"

#include <algorithm>
#include <array>

#include "base/assert.hpp"
#include "protocol/characters.hpp"

namespace burstgate::protocol {

namespace {

constexpr std::string_view line_end = "\r\n";
constexpr std::string_view head_end = "\r\n\r\n";

std::string lower(std::string_view name) {
  std::string text(name);
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; });
  return text;
}

bool belongs_to_connection(std::string_view lower_name) {
  constexpr std::array<std::string_view, 6> names = {"connection",        "keep-alive", "proxy-connection",
                                                     "transfer-encoding", "upgrade",    "te"};
  return std::find(names.begin(), names.end(), lower_name) != names.end();
}

std::string_view take_until(std::string_view& text, std::string_view end) {
  const std::size_t at = text.find(end);
  BURSTGATE_ASSERT(at != std::string_view::npos);
  const std::string_view taken = text.substr(0, at);
  text.remove_prefix(at + end.size());
  return taken;
}

}  // namespace

std::vector<Field> http2_fields(std::string_view head, std::string_view scheme) {
  std::string_view rest = head;
  const std::string_view method = take_until(rest, " ");
  const std::string_view target = take_until(rest, " ");
  take_until(rest, line_end);
  std::vector<Field> fields = {{":method", std::string(method)},
                               {":scheme", std::string(scheme)},
                               {":authority", ""},
                               {":path", std::string(target)}};
  constexpr std::size_t authority = 2;
  while (rest != line_end) {
    std::string_view line = take_until(rest, line_end);
    const std::string name = lower(take_until(line, ":"));
    const std::size_t begin = std::min(line.find_first_not_of(' '), line.size());
    const std::string value(line.substr(begin));
    if (name == "host") {
      fields[authority].value = value;
    } else if (!belongs_to_connection(name)) {
      fields.push_back({name, value});
    }
  }
  return fields;
}

Http2Requests::Converted Http2Requests::convert(std::string_view message, std::string_view scheme) {
  for (const Entry& entry : entries_) {
    if (message.starts_with(entry.head) && entry.scheme == scheme) {
      return {&entry.fields, message.substr(entry.head.size()), true};
    }
  }
  const std::size_t size = message.find(head_end) + head_end.size();
  std::vector<Field> fields = http2_fields(message.substr(0, size), scheme);
  if (entries_.size() < kept) {
    entries_.push_back({std::string(message.substr(0, size)), scheme, std::move(fields)});
    return {&entries_.back().fields, message.substr(size), true};
  }
  passing_ = std::move(fields);
  return {&passing_, message.substr(size), false};
}

}  // namespace burstgate::protocol

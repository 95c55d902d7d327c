// Bytes that a settings file may not contain.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace burstgate::config {

struct EncodingTrouble {
  std::size_t offset = 0;
  std::string what;
  std::string hint;
};

// The first byte order mark, NUL, control character or invalid UTF-8 sequence (RFC 3629).
std::optional<EncodingTrouble> encoding_trouble(std::string_view text);

// Length in bytes of the UTF-8 sequence at the head of `text`, or 0 when it is none.
std::size_t utf8_length(std::string_view text);

}  // namespace burstgate::config

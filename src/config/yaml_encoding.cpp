#include "config/yaml_encoding.hpp"

#include <fmt/format.h>

namespace burstgate::config {

std::size_t utf8_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const auto continues = [&](std::size_t i) { return i < text.size() && (byte(i) & 0xc0) == 0x80; };
  if (text.empty()) return 0;
  const unsigned char lead = byte(0);
  if (lead < 0x80) return 1;
  if (lead >= 0xc2 && lead <= 0xdf) return continues(1) ? 2 : 0;
  if (lead >= 0xe0 && lead <= 0xef) {
    if (!continues(1) || !continues(2)) return 0;
    const bool overlong = lead == 0xe0 && byte(1) < 0xa0;
    const bool surrogate = lead == 0xed && byte(1) >= 0xa0;
    return overlong || surrogate ? 0 : 3;
  }
  if (lead >= 0xf0 && lead <= 0xf4) {
    if (!continues(1) || !continues(2) || !continues(3)) return 0;
    const bool overlong = lead == 0xf0 && byte(1) < 0x90;
    const bool beyond = lead == 0xf4 && byte(1) >= 0x90;
    return overlong || beyond ? 0 : 4;
  }
  return 0;
}

std::optional<EncodingTrouble> encoding_trouble(std::string_view text) {
  if (text.starts_with("\xef\xbb\xbf")) {
    return EncodingTrouble{0, "the file begins with a byte order mark", "save it as UTF-8 without one"};
  }
  if (text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff")) {
    return EncodingTrouble{0, "the file is UTF-16", "save it as UTF-8"};
  }
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = utf8_length(text.substr(i));
    const auto byte = static_cast<unsigned char>(text[i]);
    if (length == 0) return EncodingTrouble{i, fmt::format("invalid UTF-8: byte 0x{:02x}", byte), "save it as UTF-8"};
    const bool blank = byte == '\t' || byte == '\n' || byte == '\r';
    if ((byte < 0x20 && !blank) || byte == 0x7f) {
      return EncodingTrouble{i, fmt::format("control character 0x{:02x}", byte),
                             "in double quotes it is written \\xNN"};
    }
    i += length;
  }
  return std::nullopt;
}

}  // namespace burstgate::config

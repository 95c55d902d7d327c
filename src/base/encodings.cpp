#include "base/encodings.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>

#include "base/assert.hpp"

namespace burstgate {

namespace {

bool is_unreserved(char c) {
  const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  return letter || c == '-' || c == '.' || c == '_' || c == '~';
}

bool fits_target(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte > 0x20 && byte < 0x7f && std::string_view("\"<>\\^`{|}#").find(c) == std::string_view::npos;
}

void append_percent(std::string& out, char c) {
  constexpr std::string_view hex = "0123456789ABCDEF";
  const auto byte = static_cast<unsigned char>(c);
  out += '%';
  out += hex[byte >> 4];
  out += hex[byte & 15];
}

}  // namespace

void append_percent_encoded(std::string& out, std::string_view text) {
  for (const char c : text) is_unreserved(c) ? out.push_back(c) : append_percent(out, c);
}

void append_form_encoded(std::string& out, std::string_view text) {
  for (const char c : text) {
    if (c == ' ') {
      out += '+';
    } else {
      is_unreserved(c) ? out.push_back(c) : append_percent(out, c);
    }
  }
}

void append_target_encoded(std::string& out, std::string_view text) {
  for (const char c : text) fits_target(c) ? out.push_back(c) : append_percent(out, c);
}

std::string base64(std::string_view bytes) {
  std::string text((bytes.size() + 2) / 3 * 4, '\0');
  EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), reinterpret_cast<const unsigned char*>(bytes.data()),
                  static_cast<int>(bytes.size()));  // and a NUL where the string has its own
  return text;
}

std::string sha256(std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int length = 0;
  BURSTGATE_ASSERT(EVP_Digest(bytes.data(), bytes.size(), digest.data(), &length, EVP_sha256(), nullptr) == 1);
  std::string hex;
  for (unsigned int i = 0; i < length; ++i) hex += fmt::format("{:02x}", digest[i]);
  return hex;
}

}  // namespace burstgate

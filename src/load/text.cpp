#include "load/text.hpp"

#include <algorithm>

#include "base/assert.hpp"
#include "base/encodings.hpp"
#include "base/json_pointer.hpp"

namespace burstgate::load {

using config::Encoding;
using config::Placeholder;
using config::Random;

namespace {

void append_hex(std::string& out, int digits, std::mt19937_64& random) {
  constexpr std::string_view hex = "0123456789abcdef";
  std::uint64_t bits = 0;
  for (int i = 0; i < digits; ++i) {
    if (i % 16 == 0) bits = random();
    out += hex[bits & 15];
    bits >>= 4;
  }
}

// Version 4 (RFC 9562).
void append_uuid(std::string& out, std::mt19937_64& random) {
  const std::size_t begin = out.size();
  append_hex(out, 32, random);
  out[begin + 12] = '4';
  out[begin + 16] = "89ab"[random() & 3];
  for (const std::size_t dash : {8u, 13u, 18u, 23u}) out.insert(begin + dash, 1, '-');
}

void append_random(std::string& out, const Random& what, std::mt19937_64& random) {
  switch (what.kind) {
    case Random::Kind::integer:
      out += std::to_string(std::uniform_int_distribution<std::int64_t>(what.low, what.high)(random));
      break;
    case Random::Kind::uuid:
      append_uuid(out, random);
      break;
    case Random::Kind::hex:
      append_hex(out, what.digits, random);
      break;
    case Random::Kind::choice:
      out += what.choices[std::uniform_int_distribution<std::size_t>(0, what.choices.size() - 1)(random)];
      break;
  }
}

bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20 && c != '\t') || byte == 0x7f;
}

void append_json_value(std::string& out, std::string_view value) {
  if (is_json(value)) {
    out += value;
    return;
  }
  out += '"';
  append_json_escaped(out, value);
  out += '"';
}

// False: the value cannot stand there.
bool append_encoded(std::string& out, std::string_view value, Encoding encoding) {
  switch (encoding) {
    case Encoding::verbatim:
      out += value;
      break;
    case Encoding::header:
      if (std::any_of(value.begin(), value.end(), is_control)) return false;
      out += value;
      break;
    case Encoding::segment:
      append_percent_encoded(out, value);
      break;
    case Encoding::target:
      append_target_encoded(out, value);
      break;
    case Encoding::form:
      append_form_encoded(out, value);
      break;
    case Encoding::json_text:
      append_json_escaped(out, value);
      break;
    case Encoding::json_value:
      append_json_value(out, value);
      break;
  }
  return true;
}

void append_drawn(std::string& out, const Random& what, Encoding encoding, std::mt19937_64& random) {
  const bool plain = what.kind != Random::Kind::choice;  // letters, digits and '-' stand as they are anywhere ...
  if (plain && encoding != Encoding::json_value) return append_random(out, what, random);  // ... but there
  std::string drawn;
  append_random(drawn, what, random);
  append_encoded(out, drawn, encoding);
}

}  // namespace

Text text_of(const config::Secretive& written) {
  return {written.text, written.placeholders};
}

void append(Text& whole, std::string_view text) {
  whole.text += text;
}

void append(Text& whole, const Text& piece) {
  for (const Placeholder& placeholder : piece.placeholders) {
    whole.placeholders.push_back(placeholder);
    whole.placeholders.back().at += whole.text.size();
  }
  whole.text += piece.text;
}

std::optional<std::string> append_filled(std::string& out, const Text& text, const Values& values) {
  const std::string_view literal = text.text;
  std::size_t at = 0;
  for (const Placeholder& placeholder : text.placeholders) {
    out += literal.substr(at, placeholder.at - at);
    at = placeholder.at;
    if (placeholder.random) {
      append_drawn(out, *placeholder.random, placeholder.encoding, values.random);
      continue;
    }
    BURSTGATE_ASSERT(placeholder.slot < values.slots.size());
    if (!append_encoded(out, values.slots[placeholder.slot], placeholder.encoding)) return placeholder.name;
  }
  out += literal.substr(at);
  return std::nullopt;
}

}  // namespace burstgate::load

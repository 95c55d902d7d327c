// Texts with values put in, while a request is made. Pure.
#pragma once

#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "config/header.hpp"

namespace burstgate::load {

struct Text {
  std::string text;
  std::vector<config::Placeholder> placeholders;  // in the order of the text

  bool varies() const { return !placeholders.empty(); }
};

Text text_of(const config::Secretive& written);
void append(Text& whole, std::string_view text);
void append(Text& whole, const Text& piece);

// What placeholders stand for.
struct Values {
  const std::vector<std::string>& slots;
  std::mt19937_64& random;
};

// Appends the text with its values to `out`. Nothing: done; otherwise the name of a value that cannot stand where it
// was to be put in: a header's with a control character in it. `out` is then of no use.
std::optional<std::string> append_filled(std::string& out, const Text& text, const Values& values);

}  // namespace burstgate::load

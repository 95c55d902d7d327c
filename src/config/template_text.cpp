#include "config/template_text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace burstgate::config {

namespace {

bool is_name(std::string_view name) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  const auto fits = [&](char c) { return letter(c) || (c >= '0' && c <= '9'); };
  return !name.empty() && letter(name[0]) && std::all_of(name.begin(), name.end(), fits);
}

}  // namespace

std::optional<Secretive> filled_in(const std::string& text, const Place& place, const Reading& reading) {
  Secretive filled{"", text};
  bool good = true;
  const auto mistake = [&](const std::string& what, const std::string& hint) {
    reading.mistakes.add("E-109", place, what, hint);
    good = false;
  };
  for (std::size_t i = 0; i < text.size();) {
    if (text.compare(i, 2, "$$") == 0) {
      filled.text += '$';
      i += 2;
    } else if (text.compare(i, 2, "${") != 0) {
      filled.text += text[i++];
    } else {
      const std::size_t end = text.find('}', i);
      const std::string name = end == std::string::npos ? "" : text.substr(i + 2, end - i - 2);
      if (!is_name(name)) {
        mistake("'${' without a variable's name and '}'", "a dollar itself is written $$");
        return std::nullopt;
      }
      const auto value = reading.environment ? reading.environment(name) : std::nullopt;
      if (!value || value->empty()) {
        mistake(fmt::format("the environment variable {} is {}", elided(name, 60), value ? "empty" : "not set"),
                "set it, or write $${ for the text itself");
      } else {
        filled.text += *value;
      }
      i = end + 1;
    }
  }
  return good ? std::optional(filled) : std::nullopt;
}

bool has_variables(const std::string& text) {
  for (std::size_t i = 0; i + 1 < text.size(); ++i) {
    if (text[i] != '$') continue;
    if (text[i + 1] == '{') return true;
    if (text[i + 1] == '$') ++i;
  }
  return false;
}

}  // namespace burstgate::config

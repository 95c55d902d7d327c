#include "config/save_reader.hpp"

#include <fmt/format.h>

#include "base/json_pointer.hpp"
#include "base/text.hpp"
#include "config/http_words.hpp"
#include "config/pattern.hpp"
#include "config/template_text.hpp"

namespace burstgate::config {

namespace {

constexpr const char* examples = "expected json:/a/b, header:Name, regex:... or cookie:name";

struct Road {
  std::string_view prefix;
  Save::From from;
};
constexpr Road roads[] = {{"json:", Save::From::json},
                          {"header:", Save::From::header},
                          {"regex:", Save::From::regex},
                          {"cookie:", Save::From::cookie}};

// Why there cannot be such a value, or nothing.
std::optional<UnitError> trouble_with(const Save& save) {
  switch (save.from) {
    case Save::From::json:
      if (!parse_json_pointer(save.what))
        return UnitError{"not a JSON pointer", "it begins with '/': json:/items/0/id"};
      break;
    case Save::From::header:
    case Save::From::cookie:
      if (const auto trouble = token_trouble(save.what)) return UnitError{"the name " + *trouble, examples};
      break;
    case Save::From::regex: {
      const Parsed<Pattern> pattern = Pattern::compile(save.what);
      if (const auto* error = std::get_if<UnitError>(&pattern)) return *error;
      break;
    }
  }
  return std::nullopt;
}

std::optional<Save> read_save(const Entry& entry, Mistakes& mistakes) {
  if (!names_variable(entry, mistakes)) return std::nullopt;
  const auto text = read_line(entry.value, entry.key, mistakes);
  if (!text) return std::nullopt;
  for (const Road& road : roads) {
    if (!text->starts_with(road.prefix)) continue;
    Save save{entry.key, road.from, text->substr(road.prefix.size()), 0, entry.place};
    const auto trouble = trouble_with(save);
    if (!trouble) return save;
    mistakes.add("E-130", entry.value.place, fmt::format("{}: '{}': {}", entry.key, elided(*text, 60), trouble->what),
                 trouble->expected);
    return std::nullopt;
  }
  mistakes.add("E-130", entry.value.place,
               fmt::format("{}: '{}' does not say where the value is", entry.key, elided(*text, 60)), examples);
  return std::nullopt;
}

}  // namespace

bool names_variable(const Entry& entry, Mistakes& mistakes) {
  if (is_variable_name(entry.key) && entry.key != "random") return true;
  mistakes.add("E-105", entry.place, fmt::format("'{}' cannot be a variable's name", elided(entry.key, 60)),
               "letters, digits and '_', not beginning with a digit; not 'random'");
  return false;
}

std::vector<Save> read_saves(const Value& value, Mistakes& mistakes) {
  std::vector<Save> saves;
  const auto read = [&](const Entry& entry) {
    if (auto save = read_save(entry, mistakes)) saves.push_back(std::move(*save));
  };
  read_entries(value, "save", read, mistakes);
  return saves;
}

}  // namespace burstgate::config

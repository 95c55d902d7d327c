#include "config/template_text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "config/random_text.hpp"

namespace burstgate::config {

namespace {

// Walks over a text once; what it finds stands in `filled` afterwards.
class Filler {
 public:
  Filler(const std::string& text, const Place& place, const Reading& reading, std::optional<Encoding> encoding)
      : text_(text), place_(place), reading_(reading), encoding_(encoding), filled_{"", text} {}

  std::optional<Secretive> fill() {
    while (at_ < text_.size()) {
      if (text_.compare(at_, 2, "$$") == 0) {
        filled_.text += '$';
        at_ += 2;
      } else if (text_.compare(at_, 2, "${") == 0) {
        if (!take_from_environment()) return std::nullopt;
      } else if (!encoding_ || text_[at_] != '{' || !take_placeholder()) {
        filled_.text += text_[at_++];
      }
    }
    return good_ ? std::optional(std::move(filled_)) : std::nullopt;
  }

 private:
  void mistake(const char* code, const std::string& what, const std::string& hint) {
    reading_.mistakes.add(code, place_, what, hint);
    good_ = false;
  }

  bool take_from_environment() {
    const std::size_t end = text_.find('}', at_);
    const std::string name = end == std::string::npos ? "" : text_.substr(at_ + 2, end - at_ - 2);
    if (!is_variable_name(name)) {
      mistake("E-109", "'${' without a variable's name and '}'", "a dollar itself is written $$");
      return false;
    }
    const auto value = reading_.environment ? reading_.environment(name) : std::nullopt;
    if (!value || value->empty()) {
      mistake("E-109", fmt::format("the environment variable {} is {}", elided(name, 60), value ? "empty" : "not set"),
              "set it, or write $${ for the text itself");
    } else {
      filled_.text += *value;
    }
    at_ = end + 1;
    return true;
  }

  // At a brace. False: it stands for itself.
  bool take_placeholder() {
    if (text_.compare(at_, 2, "{{") == 0) {
      filled_.text += '{';
      at_ += 2;
      return true;
    }
    const std::size_t end = text_.find('}', at_);
    if (end == std::string::npos) return false;
    const std::string inside = text_.substr(at_ + 1, end - at_ - 1);
    if (!add_placeholder(inside)) return false;
    at_ = end + 1;
    return true;
  }

  bool add_placeholder(std::string inside) {
    Placeholder placeholder;
    placeholder.at = filled_.text.size();
    placeholder.place = place_;
    placeholder.encoding = *encoding_;
    const bool random = inside.starts_with("random:");
    const std::size_t colon = random ? inside.rfind(':') : inside.find(':');
    const std::string suffix = colon == std::string::npos ? "" : inside.substr(colon + 1);
    if (suffix == "json" || suffix == "raw") inside.resize(colon);
    if (!random && !is_variable_name(inside)) return false;
    if (suffix == "json" || suffix == "raw") set_encoding(placeholder, suffix);
    placeholder.name = inside;
    if (random) set_random(placeholder);
    filled_.placeholders.push_back(std::move(placeholder));
    return true;
  }

  void set_encoding(Placeholder& placeholder, const std::string& suffix) {
    const bool json = suffix == "json";
    const bool fits = json ? encoding_ == Encoding::json_text : encoding_ == Encoding::segment;
    if (!fits) {
      mistake("E-131", fmt::format("':{}' cannot stand here", suffix),
              json ? "it is for whole values of a json body" : "it is for paths and queries");
    }
    placeholder.encoding = json ? Encoding::json_value : Encoding::target;
  }

  void set_random(Placeholder& placeholder) {
    const Parsed<Random> parsed = parse_random(placeholder.name);
    if (const auto* error = std::get_if<UnitError>(&parsed)) {
      mistake("E-131", fmt::format("'{{{}}}': {}", elided(placeholder.name, 60), error->what), error->expected);
    } else {
      placeholder.random = std::get<Random>(parsed);
    }
  }

  const std::string& text_;
  const Place& place_;
  const Reading& reading_;
  const std::optional<Encoding> encoding_;
  Secretive filled_;
  std::size_t at_ = 0;
  bool good_ = true;
};

}  // namespace

bool is_variable_name(std::string_view name) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  const auto fits = [&](char c) { return letter(c) || (c >= '0' && c <= '9'); };
  return !name.empty() && letter(name[0]) && std::all_of(name.begin(), name.end(), fits);
}

std::optional<Secretive> filled_in(const std::string& text, const Place& place, const Reading& reading) {
  return Filler(text, place, reading, std::nullopt).fill();
}

std::optional<Secretive> templated(const std::string& text, const Place& place, const Reading& reading,
                                   Encoding encoding) {
  return Filler(text, place, reading, encoding).fill();
}

void append(Secretive& whole, const Secretive& piece, const Encode& encode) {
  const std::string_view text = piece.text;
  std::size_t at = 0;
  for (const Placeholder& placeholder : piece.placeholders) {
    encode(whole.text, text.substr(at, placeholder.at - at));
    at = placeholder.at;
    whole.placeholders.push_back(placeholder);
    whole.placeholders.back().at = whole.text.size();
  }
  encode(whole.text, text.substr(at));
  encode(whole.shown, piece.shown);
}

void append(Secretive& whole, const Secretive& piece) {
  append(whole, piece, [](std::string& out, std::string_view text) { out += text; });
}

void append(Secretive& whole, std::string_view text) {
  whole.text += text;
  whole.shown += text;
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

// Brackets are counted, not matched by kind: a text that is cut off is found, one that is wrong in other ways is for
// the strict reader.
#include "base/json_scan.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>

namespace burstgate {

namespace {

enum Kind : unsigned char { other, quote, opening, closing };

constexpr std::array<unsigned char, 256> make_kinds() {
  std::array<unsigned char, 256> kinds{};
  kinds['"'] = quote;
  kinds['{'] = kinds['['] = opening;
  kinds['}'] = kinds[']'] = closing;
  return kinds;
}
constexpr std::array<unsigned char, 256> kinds = make_kinds();

constexpr std::size_t nowhere = std::string_view::npos;

// Walks over one text.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  // The character that comes next, blanks left out; 0 at the end.
  char next() {
    at_ = std::min(text_.find_first_not_of(" \t\r\n", at_), text_.size());
    return at_ < text_.size() ? text_[at_] : '\0';
  }
  bool take(char wanted) {
    if (next() != wanted) return false;
    ++at_;
    return true;
  }
  // The value that comes next, without looking inside; empty when it is not closed or there is none.
  std::string_view value() {
    const char first = next();
    const std::size_t from = at_;
    at_ = first == '"'                                          ? after_string(from)
          : kinds[static_cast<unsigned char>(first)] == opening ? after_brackets(from)
                                                                : after_scalar(from);
    if (at_ == nowhere) {
      at_ = text_.size();
      return {};
    }
    return text_.substr(from, at_ - from);
  }

 private:
  std::size_t after_string(std::size_t from) const {
    for (std::size_t at = text_.find('"', from + 1); at != nowhere; at = text_.find('"', at + 1)) {
      std::size_t escapes = 0;
      while (text_[at - 1 - escapes] == '\\') ++escapes;
      if (escapes % 2 == 0) return at + 1;
    }
    return nowhere;
  }

  std::size_t after_brackets(std::size_t from) const {
    std::size_t depth = 0;
    for (std::size_t at = from; at < text_.size(); ++at) {
      const unsigned char kind = kinds[static_cast<unsigned char>(text_[at])];
      if (kind == other) continue;
      if (kind == quote) {
        at = after_string(at);
        if (at == nowhere) return nowhere;
        --at;
      } else if (kind == opening) {
        ++depth;
      } else if (--depth == 0) {
        return at + 1;
      }
    }
    return nowhere;
  }

  std::size_t after_scalar(std::size_t from) const {
    return std::min(text_.find_first_of(" \t\r\n,]}:", from), text_.size());
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

// Calls `one` for what stands between the brackets; false when the text is not such a list from end to end.
template <typename One>
bool read_list(std::string_view text, char open, char close, One one) {
  Scanner scanner(text);
  if (!scanner.take(open)) return false;
  if (scanner.take(close)) return scanner.next() == '\0';
  do {
    if (!one(scanner)) return false;
  } while (scanner.take(','));
  return scanner.take(close) && scanner.next() == '\0';
}

}  // namespace

std::optional<std::vector<JsonMember>> json_members(std::string_view object) {
  std::vector<JsonMember> members;
  const bool whole = read_list(object, '{', '}', [&](Scanner& scanner) {
    const std::string_view key = scanner.next() == '"' ? scanner.value() : std::string_view();
    if (key.empty() || !scanner.take(':')) return false;
    members.push_back({key.substr(1, key.size() - 2), scanner.value()});
    return !members.back().value.empty();
  });
  return whole ? std::optional(std::move(members)) : std::nullopt;
}

std::optional<std::vector<std::string_view>> json_elements(std::string_view array) {
  std::vector<std::string_view> elements;
  const bool whole = read_list(array, '[', ']', [&](Scanner& scanner) {
    elements.push_back(scanner.value());
    return !elements.back().empty();
  });
  return whole ? std::optional(std::move(elements)) : std::nullopt;
}

std::string_view member_named(const std::vector<JsonMember>& members, std::string_view key) {
  for (const JsonMember& member : members) {
    if (member.key == key) return member.value;
  }
  return {};
}

std::optional<std::string> json_string(std::string_view value) {
  if (value.size() < 2 || value.front() != '"' || value.back() != '"') return std::nullopt;
  const std::string_view inside = value.substr(1, value.size() - 2);
  if (inside.find('\\') == nowhere) return std::string(inside);
  const auto parsed = nlohmann::json::parse(value, nullptr, /*allow_exceptions=*/false);
  return parsed.is_string() ? std::optional(parsed.get<std::string>()) : std::nullopt;
}

std::optional<double> json_number(std::string_view value) {
  double number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  const bool whole = error == std::errc() && end == value.data() + value.size() && !value.empty();
  return whole && std::isfinite(number) ? std::optional(number) : std::nullopt;
}

std::optional<bool> json_boolean(std::string_view value) {
  if (value == "true") return true;
  if (value == "false") return false;
  return std::nullopt;
}

}  // namespace burstgate

// A scanner over RFC 8259: it knows where values end, and keeps nothing.
#include "base/json_pointer.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>

namespace burstgate {

namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

int hex_value(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  std::size_t at() const { return at_; }
  bool at_end() const { return at_ == text_.size(); }
  std::string_view since(std::size_t begin) const { return text_.substr(begin, at_ - begin); }

  void skip_blanks() {
    while (!at_end() && (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\r' || text_[at_] == '\t')) ++at_;
  }
  bool next_is(char c) const { return !at_end() && text_[at_] == c; }
  bool take(char c) {
    if (!next_is(c)) return false;
    ++at_;
    return true;
  }

  // Each skips what its name says from here on; false: it is not there.
  bool skip_string();
  bool skip_value(int depth);

 private:
  bool skip_word(std::string_view word) {
    if (text_.substr(at_, word.size()) != word) return false;
    at_ += word.size();
    return true;
  }
  bool skip_digits() {
    const std::size_t begin = at_;
    while (!at_end() && is_digit(text_[at_])) ++at_;
    return at_ > begin;
  }
  bool skip_number();
  bool skip_items(char end, bool named, int depth);

  std::string_view text_;
  std::size_t at_ = 0;
};

bool Scanner::skip_string() {
  if (!take('"')) return false;
  while (!at_end()) {
    const char c = text_[at_++];
    if (c == '"') return true;
    if (static_cast<unsigned char>(c) < 0x20) return false;
    if (c != '\\') continue;
    if (at_end()) return false;
    const char escaped = text_[at_++];
    if (escaped == 'u') {
      for (int i = 0; i < 4; ++i, ++at_) {
        if (at_end() || hex_value(text_[at_]) < 0) return false;
      }
    } else if (std::string_view("\"\\/bfnrt").find(escaped) == std::string_view::npos) {
      return false;
    }
  }
  return false;
}

bool Scanner::skip_number() {
  take('-');
  if (!take('0') && !skip_digits()) return false;
  if (take('.') && !skip_digits()) return false;
  if (take('e') || take('E')) {
    if (!take('+')) take('-');
    return skip_digits();
  }
  return true;
}

// Of an array, or the named ones of an object; the opening bracket was taken.
bool Scanner::skip_items(char end, bool named, int depth) {
  skip_blanks();
  if (take(end)) return true;
  for (;;) {
    skip_blanks();
    if (named) {
      if (!skip_string()) return false;
      skip_blanks();
      if (!take(':')) return false;
    }
    if (!skip_value(depth + 1)) return false;
    skip_blanks();
    if (take(end)) return true;
    if (!take(',')) return false;
  }
}

bool Scanner::skip_value(int depth) {
  if (depth > max_pointed_json_depth) return false;
  skip_blanks();
  if (at_end()) return false;
  switch (text_[at_]) {
    case '"':
      return skip_string();
    case '{':
      ++at_;
      return skip_items('}', true, depth);
    case '[':
      ++at_;
      return skip_items(']', false, depth);
    case 't':
      return skip_word("true");
    case 'f':
      return skip_word("false");
    case 'n':
      return skip_word("null");
    default:
      return skip_number();
  }
}

bool is_named(std::string_view quoted_key, std::string_view name) {
  const std::string_view inside = quoted_key.substr(1, quoted_key.size() - 2);
  if (inside.find('\\') == std::string_view::npos) return inside == name;
  return json_text(quoted_key) == name;
}

// Moves from before an object or array to before its member; false: there is none.
bool enter_member(Scanner& scanner, std::string_view name) {
  scanner.skip_blanks();
  if (!scanner.take('{') || (scanner.skip_blanks(), scanner.next_is('}'))) return false;
  for (;;) {
    scanner.skip_blanks();
    const std::size_t begin = scanner.at();
    if (!scanner.skip_string()) return false;
    const std::string_view key = scanner.since(begin);
    scanner.skip_blanks();
    if (!scanner.take(':')) return false;
    if (is_named(key, name)) return true;
    if (!scanner.skip_value(1)) return false;
    scanner.skip_blanks();
    if (!scanner.take(',')) return false;
  }
}

bool enter_item(Scanner& scanner, std::string_view number) {
  std::size_t index = 0;
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), index);
  const bool whole = error == std::errc{} && end == number.data() + number.size();
  if (!whole || (number.size() > 1 && number.front() == '0')) return false;
  if (!scanner.take('[') || (scanner.skip_blanks(), scanner.next_is(']'))) return false;
  for (; index > 0; --index) {
    if (!scanner.skip_value(1)) return false;
    scanner.skip_blanks();
    if (!scanner.take(',')) return false;
  }
  return true;
}

void append_utf8(std::string& out, std::uint32_t code) {
  const auto add = [&](std::uint32_t byte) { out += static_cast<char>(static_cast<unsigned char>(byte)); };
  if (code < 0x80) {
    add(code);
  } else if (code < 0x800) {
    add(0xc0 | (code >> 6)), add(0x80 | (code & 0x3f));
  } else if (code < 0x10000) {
    add(0xe0 | (code >> 12)), add(0x80 | ((code >> 6) & 0x3f)), add(0x80 | (code & 0x3f));
  } else {
    add(0xf0 | (code >> 18)), add(0x80 | ((code >> 12) & 0x3f));
    add(0x80 | ((code >> 6) & 0x3f)), add(0x80 | (code & 0x3f));
  }
}

// The four digits at `at`.
std::uint32_t code_unit(std::string_view text, std::size_t at) {
  std::uint32_t unit = 0;
  for (const char c : text.substr(at, 4)) unit = unit * 16 + static_cast<std::uint32_t>(hex_value(c));
  return unit;
}

// The code point of "\uXXXX" or of a pair of them at `at`, which moves behind; half a pair is U+FFFD.
std::uint32_t take_code_point(std::string_view text, std::size_t& at) {
  const std::uint32_t high = code_unit(text, at + 2);
  at += 6;
  if (high < 0xd800 || high > 0xdfff) return high;
  constexpr std::uint32_t replacement = 0xfffd;
  if (high > 0xdbff || text.substr(at, 2) != "\\u") return replacement;
  const std::uint32_t low = code_unit(text, at + 2);
  if (low < 0xdc00 || low > 0xdfff) return replacement;
  at += 6;
  return 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
}

std::optional<double> number_of(std::string_view value) {
  double number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (error != std::errc{} || end != value.data() + value.size()) return std::nullopt;
  return number;
}

}  // namespace

std::optional<JsonPointer> parse_json_pointer(std::string_view text) {
  JsonPointer pointer;
  if (text.empty()) return pointer;
  if (text.front() != '/') return std::nullopt;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '/') {
      pointer.emplace_back();
    } else if (text[i] != '~') {
      pointer.back() += text[i];
    } else {
      const std::string_view escape = text.substr(i++, 2);
      if (escape != "~0" && escape != "~1") return std::nullopt;
      pointer.back() += escape == "~0" ? '~' : '/';
    }
  }
  return pointer;
}

std::optional<std::string_view> find_json(std::string_view document, const JsonPointer& pointer) {
  Scanner scanner(document);
  for (const std::string& token : pointer) {
    scanner.skip_blanks();
    const bool entered = scanner.next_is('[') ? enter_item(scanner, token) : enter_member(scanner, token);
    if (!entered) return std::nullopt;
  }
  scanner.skip_blanks();
  const std::size_t begin = scanner.at();
  if (!scanner.skip_value(0)) return std::nullopt;
  return scanner.since(begin);
}

void append_json_text(std::string& out, std::string_view value) {
  if (value.size() < 2 || value.front() != '"') {
    out += value;
    return;
  }
  const std::string_view text = value.substr(1, value.size() - 2);
  constexpr std::string_view letters = "bfnrt";
  constexpr std::string_view meanings = "\b\f\n\r\t";
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t escape = std::min(text.find('\\', i), text.size());
    out += text.substr(i, escape - i);
    i = escape;
    if (i + 1 >= text.size()) break;
    if (text[i + 1] == 'u') {
      append_utf8(out, take_code_point(text, i));
      continue;
    }
    const std::size_t letter = letters.find(text[i + 1]);
    out += letter == std::string_view::npos ? text[i + 1] : meanings[letter];
    i += 2;
  }
}

std::string json_text(std::string_view value) {
  std::string text;
  append_json_text(text, value);
  return text;
}

bool same_json(std::string_view a, std::string_view b) {
  if (a == b) return true;
  if (a.empty() || b.empty()) return false;
  if (a.front() == '"' && b.front() == '"') return json_text(a) == json_text(b);
  const auto x = number_of(a), y = number_of(b);
  return x && y && *x == *y;
}

bool is_json(std::string_view text) {
  Scanner scanner(text);
  if (!scanner.skip_value(0)) return false;
  scanner.skip_blanks();
  return scanner.at_end();
}

void append_json_escaped(std::string& out, std::string_view text) {
  constexpr std::string_view hex = "0123456789abcdef";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\', out += c;
    } else if (byte >= 0x20) {
      out += c;
    } else {
      out += "\\u00";
      out += hex[byte >> 4], out += hex[byte & 15];
    }
  }
}

}  // namespace burstgate

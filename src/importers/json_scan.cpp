#include "importers/json_scan.hpp"

#include <nlohmann/json.hpp>

namespace burstgate::importers {

namespace {

constexpr std::size_t broken = std::string_view::npos;

// Behind the string that starts at `at`.
std::size_t string_end(std::string_view text, std::size_t at) {
  std::size_t from = at + 1;
  while (true) {
    const auto quote = text.find('"', from);
    if (quote == text.npos) return broken;
    std::size_t slashes = 0;
    while (text[quote - 1 - slashes] == '\\') ++slashes;
    if (slashes % 2 == 0) return quote + 1;
    from = quote + 1;
  }
}

std::size_t nested_end(std::string_view text, std::size_t at) {
  std::string open;
  while (at < text.size()) {
    const char c = text[at];
    if (c == '"') {
      at = string_end(text, at);
      if (at == broken) return broken;
      continue;
    }
    ++at;
    if (c == '{' || c == '[') open += c == '{' ? '}' : ']';
    if (c != '}' && c != ']') continue;
    if (open.back() != c) return broken;
    open.pop_back();
    if (open.empty()) return at;
  }
  return broken;
}

std::size_t value_end(std::string_view text, std::size_t at) {
  if (at >= text.size()) return broken;
  if (text[at] == '"') return string_end(text, at);
  if (text[at] == '{' || text[at] == '[') return nested_end(text, at);
  const auto end = text.find_first_of(",}] \t", at);
  return end == at ? broken : end;
}

}  // namespace

JsonScan::JsonScan(std::string_view object) : text_(object) {
  skip_blanks();
  if (at_ < text_.size() && text_[at_] == '{') {
    ++at_;
  } else {
    state_ = State::broken;
  }
}

void JsonScan::skip_blanks() {
  while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;
}

bool JsonScan::fail() {
  state_ = State::broken;
  return false;
}

bool JsonScan::next() {
  if (state_ == State::broken || state_ == State::ended) return false;
  skip_blanks();
  if (at_ >= text_.size()) return fail();
  if (text_[at_] == '}') {
    ++at_;
    skip_blanks();
    state_ = at_ == text_.size() ? State::ended : State::broken;
    return false;
  }
  if (state_ == State::after_member) {
    if (text_[at_++] != ',') return fail();
    skip_blanks();
  }
  if (at_ >= text_.size() || text_[at_] != '"') return fail();
  const std::size_t key_end = string_end(text_, at_);
  if (key_end == broken) return fail();
  key_ = text_.substr(at_ + 1, key_end - at_ - 2);
  at_ = key_end;
  skip_blanks();
  if (at_ >= text_.size() || text_[at_++] != ':') return fail();
  skip_blanks();
  const std::size_t end = value_end(text_, at_);
  if (end == broken) return fail();
  value_ = text_.substr(at_, end - at_);
  at_ = end;
  state_ = State::after_member;
  return true;
}

std::optional<std::string_view> unquoted(std::string_view raw, std::string& scratch) {
  if (raw.size() < 2 || raw.front() != '"' || raw.back() != '"') return std::nullopt;
  const std::string_view inner = raw.substr(1, raw.size() - 2);
  if (inner.find('\\') == inner.npos) return inner;
  const auto parsed = nlohmann::json::parse(raw, nullptr, /*allow_exceptions=*/false);
  if (!parsed.is_string()) return std::nullopt;
  scratch = parsed.get<std::string>();
  return scratch;
}

std::optional<std::string_view> member(std::string_view object, std::string_view key) {
  JsonScan scan(object);
  while (scan.next()) {
    if (scan.key() == key) return scan.value();
  }
  return std::nullopt;
}

}  // namespace burstgate::importers

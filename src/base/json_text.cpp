// Strict JSON reading on nlohmann/json's SAX interface. The library's own document builder lets the last of two equal
// keys win and reports no places for what it accepts; this one counts the bytes that the lexer takes and refuses.
#include "base/json_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <unordered_set>
#include <vector>

#include "base/assert.hpp"
#include "base/error.hpp"
#include "base/text.hpp"

namespace burstgate {

namespace {

using Json = nlohmann::ordered_json;

// "path:line:column" of the byte at `offset`.
std::string place_of(std::string_view text, std::size_t offset, const std::string& path) {
  const std::string_view before = text.substr(0, std::min(offset, text.size()));
  const auto line = 1 + std::count(before.begin(), before.end(), '\n');
  const std::size_t line_start = before.rfind('\n') + 1;  // npos + 1 == 0
  return fmt::format("{}:{}:{}", path, line, before.size() - line_start + 1);
}

[[noreturn]] void fail(const char* code, std::string where, std::string what, std::string hint = {}) {
  throw Error(Trouble::usage, {code, std::move(where), std::move(what), std::move(hint), {}, 0});
}

// Walks over the text and tells how far the lexer has come.
class CountingIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  CountingIterator(const char* at, const char** reached) : at_(at), reached_(reached) {}
  reference operator*() const { return *at_; }
  CountingIterator& operator++() {
    *reached_ = ++at_;
    return *this;
  }
  CountingIterator operator++(int) {
    CountingIterator old = *this;
    ++*this;
    return old;
  }
  bool operator==(const CountingIterator& other) const { return at_ == other.at_; }
  bool operator!=(const CountingIterator& other) const { return at_ != other.at_; }

 private:
  const char* at_;
  const char** reached_;
};

// The keys of one open object. Few keys are compared with each other, many are put into a set, so that a hostile file
// with a million keys costs no more than its size.
class Keys {
 public:
  bool add(const Json& object, const std::string& key) {  // false: there already
    constexpr std::size_t few = 32;
    if (object.size() < few) return !object.contains(key);
    if (set_.empty()) {
      for (const auto& item : object.items()) set_.insert(item.key());
    }
    return set_.insert(key).second;
  }

 private:
  std::unordered_set<std::string> set_;
};

class Builder : public nlohmann::json_sax<Json> {
 public:
  Builder(std::string_view text, const std::string& path) : text_(text), path_(path) {}

  Json take() { return std::move(root_); }
  const char** reached() { return &reached_; }

  bool null() override { return add(nullptr); }
  bool boolean(bool value) override { return add(value); }
  // The lexer calls this for a leading minus only: 0 was written as -0.
  bool number_integer(std::int64_t value) override { return value == 0 ? add(-0.0) : add(value); }
  bool number_unsigned(std::uint64_t value) override { return add(value); }
  bool number_float(double value, const std::string&) override { return add(value); }
  bool string(std::string& value) override { return add(std::move(value)); }
  bool binary(Json::binary_t&) override { return false; }

  bool start_object(std::size_t) override { return open(Json::object()); }
  bool end_object() override { return close(); }
  bool start_array(std::size_t) override { return open(Json::array()); }
  bool end_array() override { return close(); }

  bool key(std::string& name) override {
    Level& level = levels_.back();
    if (!level.keys.add(*level.value, name)) {
      // The lexer has just taken the closing quote; a key with escapes is longer in the text, so look for its start.
      const std::size_t end = offset() - 1;
      std::size_t start = text_.rfind('"', end - 1);
      while (start > 0 && text_[start - 1] == '\\') start = text_.rfind('"', start - 1);
      fail("E-511", place_of(text_, start, path_),
           fmt::format("key '{}' is there twice in one object", elided(name, 80)), "keep one of them");
    }
    level.next_key = std::move(name);
    return true;
  }

  bool parse_error(std::size_t position, const std::string&, const nlohmann::json::exception& error) override {
    // "[json.exception.parse_error.101] parse error at line 1, column 2: syntax error while parsing ..."
    std::string_view what = error.what();
    for (const std::string_view start : {"syntax error", "number overflow"}) {
      if (const auto found = what.find(start); found != what.npos) what = what.substr(found);
    }
    fail("E-510", place_of(text_, position > 0 ? position - 1 : offset() - 1, path_),
         fmt::format("not valid JSON: {}", elided(what, 240)));
  }

 private:
  struct Level {
    Json* value;
    Keys keys;
    std::string next_key;
  };

  std::size_t offset() const { return reached_ == nullptr ? 0 : static_cast<std::size_t>(reached_ - text_.data()); }

  // Puts the value into the innermost open array or object. Appending to the object's vector directly: emplace() would
  // compare with every key once more.
  Json& put(Json&& value) {
    if (levels_.empty()) return root_ = std::move(value);
    Level& level = levels_.back();
    if (level.value->is_array()) {
      auto& array = level.value->get_ref<Json::array_t&>();
      return array.emplace_back(std::move(value));
    }
    Json::object_t::Container& object = level.value->get_ref<Json::object_t&>();
    return object.emplace_back(std::move(level.next_key), std::move(value)).second;
  }

  template <typename Value>
  bool add(Value&& value) {
    put(Json(std::forward<Value>(value)));
    return true;
  }

  bool open(Json&& empty) {
    if (levels_.size() >= max_json_depth) {
      fail("E-512", place_of(text_, offset() - 1, path_), fmt::format("nested deeper than {} levels", max_json_depth));
    }
    Json& value = put(std::move(empty));
    levels_.push_back({&value, {}, {}});
    return true;
  }

  bool close() {
    levels_.pop_back();
    return true;
  }

  std::string_view text_;
  const std::string& path_;
  const char* reached_ = nullptr;
  Json root_;
  std::vector<Level> levels_;  // no value moves while it is open: only the innermost one grows
};

// Encodings are recognised before the grammar, whose message about the first byte would help nobody. The library also
// takes a NUL for the end of the text and would ignore what follows.
void check_encoding(std::string_view text, const std::string& path) {
  using namespace std::string_view_literals;
  const std::string hint = "save it as UTF-8 without a byte order mark";
  const auto starts_with_any = [&](auto... marks) { return (text.starts_with(marks) || ...); };
  if (starts_with_any("\xef\xbb\xbf"sv)) fail("E-513", path + ":1:1", "starts with a UTF-8 byte order mark", hint);
  if (starts_with_any("\xff\xfe"sv, "\xfe\xff"sv, "\0"sv) || (text.size() >= 2 && text[1] == '\0')) {
    fail("E-513", path + ":1:1", "is in UTF-16 or UTF-32, expected UTF-8", hint);
  }
  if (const auto nul = text.find('\0'); nul != text.npos) {
    fail("E-513", place_of(text, nul, path), "contains a NUL byte, expected JSON text");
  }
}

}  // namespace

nlohmann::ordered_json parse_json(std::string_view text, const std::string& path) {
  if (text.size() > max_json_bytes) {
    fail("E-514", path, fmt::format("{} bytes of JSON, at most {} are read", text.size(), max_json_bytes));
  }
  if (text.find_first_not_of(" \t\r\n") == text.npos) {
    fail("E-510", path, text.empty() ? "is empty, expected JSON" : "holds nothing but blanks, expected JSON");
  }
  check_encoding(text, path);
  Builder builder(text, path);
  const CountingIterator first(text.data(), builder.reached());
  const CountingIterator last(text.data() + text.size(), nullptr);
  const bool whole = Json::sax_parse(first, last, &builder, Json::input_format_t::json, /*strict=*/true);
  BURSTGATE_ASSERT(whole);
  return builder.take();
}

namespace {

void check_finite(const Json& json) {
  if (json.is_number_float()) BURSTGATE_ASSERT(std::isfinite(json.get<double>()));
  if (json.is_structured()) {
    for (const auto& element : json) check_finite(element);
  }
}

}  // namespace

std::string dump_json(const nlohmann::ordered_json& json, int indent) {
  check_finite(json);
  return json.dump(indent, ' ', /*ensure_ascii=*/false, Json::error_handler_t::replace);
}

}  // namespace burstgate

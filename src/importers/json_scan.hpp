// A JSON object of one line, member by member, without building it: raw values are pieces of the line. For files with
// millions of lines of which few members matter. Brackets and quotes must match; what is inside a value that nobody
// asks for is not looked at.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace burstgate::importers {

class JsonScan {
 public:
  explicit JsonScan(std::string_view object);

  // The next member; false at the end or where the text is not JSON.
  bool next();
  std::string_view key() const { return key_; }      // without quotes, escapes as they stand
  std::string_view value() const { return value_; }  // raw: with quotes, or a whole object
  // After next() was false: the object ended as it must, and nothing came after it.
  bool complete() const { return state_ == State::ended; }

 private:
  enum class State { before_first, after_member, ended, broken };
  void skip_blanks();
  bool fail();

  std::string_view text_;
  std::size_t at_ = 0;
  State state_ = State::before_first;
  std::string_view key_, value_;
};

// The text of a raw JSON string; nothing when it is none. `scratch` holds it where it had escapes.
std::optional<std::string_view> unquoted(std::string_view raw, std::string& scratch);

// The raw value of one member; nothing when it is not there or the object is malformed.
std::optional<std::string_view> member(std::string_view object, std::string_view key);

}  // namespace burstgate::importers

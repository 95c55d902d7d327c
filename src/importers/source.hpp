// One foreign file: its beginning, by which it is recognised; then its lines one after the other, in constant memory;
// or the whole, of a JSON document. A byte order mark is skipped, and lines may end in CR LF.
#pragma once

#include <cstdint>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "base/descriptor.hpp"

namespace burstgate::importers {

using Json = nlohmann::ordered_json;

class Source {
 public:
  // Error (Trouble::usage): not a readable regular file, or UTF-16.
  static Source open(const std::string& path);
  // A file that is open and has no name of its own; read from its beginning.
  static Source of_file(std::string name, Descriptor file);
  static Source of_text(std::string path, std::string text);
  Source(Source&&) noexcept;
  ~Source();

  const std::string& path() const { return path_; }
  std::string_view head() const { return head_; }  // at most head_bytes
  std::string_view first_line() const;             // of the head, without leading blank lines
  bool has_line(std::string_view prefix) const;    // in the head; blanks before it do not count

  // What the user says about a format that does not tell the unit of its values (microseconds in one of them).
  void set_value_unit_us(double us) { value_unit_us_ = us; }
  std::optional<double> value_unit_us() const { return value_unit_us_; }

  // The whole file when it begins like a JSON object, otherwise nothing. Parsed once, strictly: Error with
  // line and column. No lines can be read afterwards.
  const Json* json();

  // The next line without its end, valid until the next call; nothing at the end of the file.
  std::optional<std::string_view> next_line();
  std::uint64_t line_number() const { return line_number_; }  // of the last line, from 1

  // Error (Trouble::usage) at the last line, or at `line`.
  [[noreturn]] void fail(const char* code, std::string what, std::string hint = {}, std::uint64_t line = 0) const;
  // About the file as a whole.
  [[noreturn]] void fail_whole(const char* code, std::string what, std::string hint = {}) const;

  static constexpr std::size_t head_bytes = 64u << 10;
  static constexpr std::size_t longest_line = 16u << 20;

 private:
  class Bytes;
  Source(std::string path, std::unique_ptr<Bytes> bytes);
  bool read_more();

  std::string path_;
  std::unique_ptr<Bytes> bytes_;
  std::string head_;
  std::string buffer_;  // what was read; [begin_, end_) is not yet taken
  std::size_t begin_ = 0, end_ = 0;
  std::uint64_t line_number_ = 0;
  std::optional<Json> json_;
  std::optional<double> value_unit_us_;
};

// Codes of what can be wrong with a foreign file.
inline constexpr const char* inconsistent = "E-551";    // values that contradict each other
inline constexpr const char* malformed = "E-552";       // a line or value that is not what the format has there
inline constexpr const char* cut_off = "E-553";         // the end is missing
inline constexpr const char* too_many_names = "E-554";  // more endpoints than can be compared
inline constexpr const char* without_requests = "E-555";
inline constexpr const char* not_read = "E-556";  // recognised, and not a form that is read
inline constexpr const char* several_runs = "E-557";

}  // namespace burstgate::importers

// A small text that a tool prints for people, as lines that are found by how they begin.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "importers/source.hpp"

namespace burstgate::importers {

class TextReport {
 public:
  // One line behind the words by which it was found.
  class Entry {
   public:
    Entry(const TextReport& report, std::uint64_t line, std::string_view rest)
        : report_(&report), line_(line), rest_(rest) {}

    std::string_view rest() const { return rest_; }
    std::uint64_t line() const { return line_; }
    // The words between blanks; error (E-552) when there are fewer.
    std::string_view word(std::size_t index) const;
    // A word that is a number, perhaps with something behind it ("0.00%", "482317,"); a word that is a time with its
    // unit, in microseconds. Errors name the line.
    double number(std::size_t index = 0) const;
    std::uint64_t count(std::size_t index = 0) const;
    double time_us(std::size_t index = 0) const;

   private:
    const TextReport* report_;
    std::uint64_t line_;
    std::string_view rest_;
  };

  explicit TextReport(Source& source);

  // The one line that begins so, blanks before it do not count. Two of them: the file holds several runs (E-557).
  std::optional<Entry> find(std::string_view prefix) const;
  std::vector<Entry> find_all(std::string_view prefix) const;
  // Error (E-553) when it is not there: every whole file has it.
  Entry need(std::string_view prefix) const;
  // All lines, with an empty prefix.
  std::vector<Entry> lines() const { return find_all(""); }

  const Source& source() const { return source_; }

 private:
  const Source& source_;
  std::vector<std::string> lines_;  // from line 1
};

}  // namespace burstgate::importers

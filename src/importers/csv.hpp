// Comma-separated values as RFC 4180 has them, one record at a time: quoted fields may hold delimiters, doubled quotes
// and line breaks.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "importers/source.hpp"

namespace burstgate::importers {

class CsvReader {
 public:
  enum class Quotes { of_fields, plain };  // plain: a quote is a character like any other
  explicit CsvReader(Source& source, char delimiter = ',', Quotes quotes = Quotes::of_fields)
      : source_(source), delimiter_(delimiter), quotes_(quotes) {}

  // False at the end. Blank lines are skipped.
  bool next();
  std::size_t size() const { return fields_.size(); }
  std::string_view operator[](std::size_t column) const { return fields_[column]; }
  const std::vector<std::string_view>& fields() const { return fields_; }

  // next(), which has as many fields as the header `columns` or is an error.
  bool next_of(std::size_t columns);

 private:
  void split_plain(std::string_view line);
  void split_quoted(std::string_view line);

  Source& source_;
  char delimiter_;
  Quotes quotes_;
  std::vector<std::string_view> fields_;
  std::string record_;    // a record that has quotes, as it stands
  std::string unquoted_;  // its fields
};

// The first record of a file, by name.
class CsvHeader {
 public:
  explicit CsvHeader(std::vector<std::string> names) : names_(std::move(names)) {}
  static CsvHeader read(CsvReader& reader, const Source& source);

  std::size_t size() const { return names_.size(); }
  const std::string& operator[](std::size_t column) const { return names_[column]; }
  std::optional<std::size_t> find(std::string_view name) const;
  std::size_t need(const Source& source, std::string_view name) const;  // error when missing

 private:
  std::vector<std::string> names_;
};

}  // namespace burstgate::importers

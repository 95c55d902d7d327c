#include "importers/csv.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace burstgate::importers {

bool CsvReader::next() {
  while (const auto line = source_.next_line()) {
    if (line->empty()) continue;
    fields_.clear();
    if (quotes_ == Quotes::plain || line->find('"') == line->npos) {
      split_plain(*line);
    } else {
      split_quoted(*line);
    }
    return true;
  }
  return false;
}

bool CsvReader::next_of(std::size_t columns) {
  if (!next()) return false;
  if (fields_.size() != columns) {
    source_.fail(malformed, fmt::format("expected {} fields as in the header, got {}", columns, fields_.size()),
                 fields_.size() > columns ? "decimal commas, or two files in one?" : "is the file cut off here?");
  }
  return true;
}

void CsvReader::split_plain(std::string_view line) {
  while (true) {
    const auto end = line.find(delimiter_);
    fields_.push_back(line.substr(0, end));
    if (end == line.npos) return;
    line.remove_prefix(end + 1);
  }
}

// First the whole record is brought together, for a quoted field may go on in the next line; then it is taken apart.
void CsvReader::split_quoted(std::string_view line) {
  const std::uint64_t first_line = source_.line_number();
  const auto has_odd_quotes = [](std::string_view text) { return std::count(text.begin(), text.end(), '"') % 2 != 0; };
  record_.assign(line);
  for (bool open = has_odd_quotes(line); open;) {
    const auto more = source_.next_line();
    if (!more || record_.size() > Source::longest_line) {
      source_.fail(cut_off, "a quoted field that does not end", {}, first_line);
    }
    record_ += '\n';
    record_ += *more;
    if (has_odd_quotes(*more)) open = false;
  }
  unquoted_.clear();
  unquoted_.reserve(record_.size());  // the fields point into it
  std::size_t start = 0;
  bool quoted = false;
  const auto close = [&] {
    fields_.emplace_back(unquoted_.data() + start, unquoted_.size() - start);
    start = unquoted_.size();
  };
  for (std::size_t i = 0; i < record_.size(); ++i) {
    const char c = record_[i];
    if (c == '"') {
      if (quoted && i + 1 < record_.size() && record_[i + 1] == '"')
        unquoted_ += record_[++i];
      else
        quoted = !quoted;
    } else if (c == delimiter_ && !quoted) {
      close();
    } else {
      unquoted_ += c;
    }
  }
  close();
}

CsvHeader CsvHeader::read(CsvReader& reader, const Source& source) {
  if (!reader.next()) source.fail_whole(without_requests, "is empty");
  std::vector<std::string> names;
  for (const std::string_view field : reader.fields()) names.emplace_back(field);
  return CsvHeader(std::move(names));
}

std::optional<std::size_t> CsvHeader::find(std::string_view name) const {
  const auto found = std::find(names_.begin(), names_.end(), name);
  if (found == names_.end()) return std::nullopt;
  return static_cast<std::size_t>(found - names_.begin());
}

std::size_t CsvHeader::need(const Source& source, std::string_view name) const {
  const auto column = find(name);
  if (!column)
    source.fail(malformed, fmt::format("there is no column '{}'", name), "there are: " + join(names_, ", "), 1);
  return *column;
}

}  // namespace burstgate::importers

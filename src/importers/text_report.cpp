#include "importers/text_report.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "importers/values.hpp"

namespace burstgate::importers {

namespace {

constexpr std::size_t most_bytes = 16u << 20;

// "482317," and "0.00%" and "(95.00%)": the number at the beginning.
std::string_view number_part(std::string_view word) {
  const auto end = word.find_first_not_of("0123456789.eE+-");
  return word.substr(0, end);
}

}  // namespace

TextReport::TextReport(Source& source) : source_(source) {
  std::size_t bytes = 0;
  while (const auto line = source.next_line()) {
    bytes += line->size();
    if (bytes > most_bytes) source.fail(malformed, "the text goes on and on; at most 16 MiB of it are read");
    lines_.emplace_back(*line);
  }
}

std::vector<TextReport::Entry> TextReport::find_all(std::string_view prefix) const {
  std::vector<Entry> found;
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    const std::string_view line = trimmed(lines_[i]);
    if (line.starts_with(prefix)) found.emplace_back(*this, i + 1, trimmed(line.substr(prefix.size())));
  }
  return found;
}

std::optional<TextReport::Entry> TextReport::find(std::string_view prefix) const {
  const std::vector<Entry> found = find_all(prefix);
  if (found.empty()) return std::nullopt;
  if (found.size() > 1) {
    source_.fail(several_runs, fmt::format("'{}' is there twice, first in line {}", prefix, found[0].line()),
                 "one file for each run", found[1].line());
  }
  return found.front();
}

TextReport::Entry TextReport::need(std::string_view prefix) const {
  const auto found = find(prefix);
  if (!found)
    source_.fail_whole(cut_off, fmt::format("there is no line '{}'", prefix), "did the tool end as it should?");
  return *found;
}

std::string_view TextReport::Entry::word(std::size_t index) const {
  std::string_view rest = rest_;
  for (std::size_t i = 0;; ++i) {
    rest = trimmed(rest);
    if (rest.empty()) report_->source_.fail(malformed, "the line ends early", "is the file cut off here?", line_);
    const auto end = rest.find_first_of(" \t");
    if (i == index) return rest.substr(0, end);
    rest = end == rest.npos ? std::string_view{} : rest.substr(end);
  }
}

double TextReport::Entry::number(std::size_t index) const {
  const std::string_view text = word(index);
  const std::string_view part = number_part(text);
  const bool comma_inside = part.size() + 1 < text.size() && text[part.size()] == ',';
  return need_number(report_->source_, comma_inside || part.empty() ? text : part, "figure", line_);
}

std::uint64_t TextReport::Entry::count(std::size_t index) const {
  const std::string_view text = word(index);
  std::string_view part = text.substr(0, text.find('/'));
  if (part.ends_with(',')) part.remove_suffix(1);
  return need_count(report_->source_, part, "count", line_);
}

double TextReport::Entry::time_us(std::size_t index) const {
  const std::string_view text = word(index);
  const auto us = time_with_unit_us(text.ends_with(',') ? text.substr(0, text.size() - 1) : text);
  if (!us) {
    report_->source_.fail(malformed, fmt::format("expected a time with its unit, got \"{}\"", elided(text, 60)),
                          text.find(',') != text.npos ? "a decimal comma? run the tool with LC_ALL=C" : "", line_);
  }
  return *us;
}

}  // namespace burstgate::importers

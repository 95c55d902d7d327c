#include "config/mistakes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "config/source_mask.hpp"

namespace burstgate::config {

namespace {

constexpr std::size_t widest_quote = 120;  // characters of a source line that are shown
constexpr std::size_t quote_before = 60;   // of them before the caret, when the line is longer

bool continues_character(char c) {
  return (static_cast<unsigned char>(c) & 0xc0) == 0x80;
}

// The line in characters, so that the caret stands below the right one whatever the script.
std::vector<std::string> characters(const std::string& line) {
  std::vector<std::string> split;
  for (const char c : line) {
    if (split.empty() || !continues_character(c)) {
      split.emplace_back(1, c == '\t' ? ' ' : c);
    } else {
      split.back() += c;
    }
  }
  return split;
}

// Indentation is left out, and so is what is far from the caret in a very long line.
void quote(Problem& problem, const std::string& line, int column) {
  const auto all = characters(without_secrets(line));
  const std::size_t caret = static_cast<std::size_t>(std::max(column, 1)) - 1;
  std::size_t first = 0;
  while (first < all.size() && first < caret && all[first] == " ") ++first;
  if (caret - first > quote_before && all.size() - first > widest_quote) first = caret - quote_before;
  const std::size_t last = std::min(all.size(), first + widest_quote);
  for (std::size_t i = first; i < last; ++i) problem.source_line += all[i];
  problem.caret_column = static_cast<int>(caret - first) + 1;
}

}  // namespace

void Mistakes::quote_from(const std::string& file, const std::string& text) {
  if (lines_.count(file) != 0) return;
  files_.push_back(file);
  std::vector<std::string>& lines = lines_[file];
  std::string line;
  for (const char c : text) {
    if (c != '\n') {
      line += c;
      continue;
    }
    if (!line.empty() && line.back() == '\r') line.pop_back();
    lines.push_back(std::move(line));
    line.clear();
  }
  lines.push_back(std::move(line));
}

void Mistakes::add(const std::string& code, const Place& place, const std::string& what, const std::string& hint) {
  const auto same = [&](const Found& other) {
    return other.problem.code == code && other.problem.where == place.text() && other.problem.what == what;
  };
  if (std::any_of(found_.begin(), found_.end(), same)) return;  // what several scenarios have in common
  Found found;
  found.problem.code = code;
  found.problem.where = place.text();
  found.problem.what = what;
  found.problem.hint = hint;
  const auto file = std::find(files_.begin(), files_.end(), place.file);
  found.file = file == files_.end() ? 0 : static_cast<std::size_t>(file - files_.begin()) + 1;
  found.line = place.line;
  found.column = place.column;
  const auto lines = lines_.find(place.file);
  if (lines != lines_.end() && place.line >= 1 && static_cast<std::size_t>(place.line) <= lines->second.size()) {
    quote(found.problem, lines->second[static_cast<std::size_t>(place.line) - 1], place.column);
  }
  found_.push_back(std::move(found));
}

void Mistakes::add(const Error& error, const Place& place) {
  for (const Problem& problem : error.problems()) {
    const std::string where = problem.where.empty() ? "" : problem.where + ": ";
    add(problem.code, place, where + problem.what, problem.hint);
  }
}

void Mistakes::throw_if_any() const {
  if (found_.empty()) return;
  std::vector<Found> sorted = found_;
  std::stable_sort(sorted.begin(), sorted.end(), [](const Found& a, const Found& b) {
    return std::tie(a.file, a.line, a.column) < std::tie(b.file, b.line, b.column);
  });
  std::vector<Problem> problems;
  for (const Found& found : sorted) {
    if (problems.size() == max_reported_mistakes) {
      problems.push_back(
          {"E-100", "", fmt::format("and {} more mistakes", sorted.size() - max_reported_mistakes), "", "", 0});
      break;
    }
    problems.push_back(found.problem);
  }
  throw Error(Trouble::usage, std::move(problems));
}

}  // namespace burstgate::config

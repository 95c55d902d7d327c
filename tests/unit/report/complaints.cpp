// Stricter than the readers in the field: what they might forgive is a mistake here.
#include "complaints.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <regex>
#include <set>
#include <sstream>

#include "base/text.hpp"

namespace burstgate::test {

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

std::string without_our_colors(std::string text) {
  for (const char* code : {"\x1b[0m", "\x1b[1m", "\x1b[2m", "\x1b[31m", "\x1b[32m", "\x1b[33m", "\x1b[35m"}) {
    const std::string color = code;
    for (std::size_t at = text.find(color); at != std::string::npos; at = text.find(color, at)) {
      text.erase(at, color.size());
    }
  }
  return text;
}

namespace {

std::string_view trimmed(std::string_view line) {
  constexpr std::string_view blanks[] = {" ",      "\t",     "\v",     "\f",     "\r",     "\u00a0", "\u1680",
                                         "\u2000", "\u2001", "\u2002", "\u2003", "\u2004", "\u2005", "\u2006",
                                         "\u2007", "\u2008", "\u2009", "\u200a", "\u202f", "\u205f", "\u3000"};
  for (bool found = true; found;) {
    found = false;
    for (const std::string_view blank : blanks) {
      if (!line.starts_with(blank)) continue;
      line.remove_prefix(blank.size());
      found = true;
    }
  }
  return line;
}

std::size_t count_of(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) ++count;
  return count;
}

bool is_letter(const std::string& text, std::size_t at) {
  return at < text.size() && std::isalpha(static_cast<unsigned char>(text[at])) != 0;
}

}  // namespace

std::string ci_command_complaint(const std::string& text) {
  for (const std::string& line : lines_of(text)) {
    if (trimmed(line).starts_with("::")) return "a GitHub command: " + line;
    for (const char* old : {"##[", "##vso["}) {
      if (line.find(old) != std::string::npos) return std::string(old) + " in: " + line;
    }
  }
  return {};
}

std::string terminal_complaint(const std::string& raw, bool color, bool unicode) {
  const std::string text = without_our_colors(raw);
  if (!color && raw != text) return "colours nobody asked for";
  for (const std::string& line : lines_of(text)) {
    if (visible(line) != line) return "not all visible: " + visible(line);
    if (!unicode && std::any_of(line.begin(), line.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; }))
      return "not ASCII: " + line;
  }
  const std::string command = ci_command_complaint(raw);
  return command.empty() ? ci_command_complaint(text) : command;
}

namespace {

// Column separators of a row as GitHub counts them: a backslash escapes the next character.
std::size_t separators(const std::string& row) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (row[i] == '\\')
      ++i;
    else if (row[i] == '|')
      ++count;
  }
  return count;
}

// An HTML tag or comment that is not one of ours.
bool has_foreign_element(const std::string& line) {
  for (std::size_t at = line.find('<'); at != std::string::npos; at = line.find('<', at + 1)) {
    const std::string rest = line.substr(at + 1, 20);
    const bool ours = rest.starts_with("details>") || rest.starts_with("/details>") || rest.starts_with("summary>") ||
                      rest.starts_with("/summary>") || rest.starts_with("!-- burstgate:");
    if (!ours && (is_letter(rest, 0) || rest.starts_with('/') || rest.starts_with('!'))) return true;
  }
  return false;
}

// The chart is a program: only these lines, with plain labels.
bool is_chart_line(const std::string& line) {
  static const std::regex form(
      R"re((xychart-beta|  title "[\w ,:()]+"|  x-axis \[("[\w ./:-]+"(, )?)+\]|  y-axis "ms" 0 --> [0-9.]+|)re"
      R"re(  (bar|line) \[([0-9]+(\.[0-9]+)?(, )?)+\]))re");
  return std::regex_match(line, form);
}

std::string markdown_line_complaint(const std::string& line) {
  if (has_foreign_element(line)) return "an element that is not ours: " + line;
  if (!line.starts_with('|')) return {};
  // Seven: also for a reader that knows no escapes.
  if (separators(line) != 7 || std::count(line.begin(), line.end(), '|') != 7) return "not six columns: " + line;
  return {};
}

}  // namespace

std::string markdown_complaint(const std::string& text) {
  std::string fence;
  bool chart = false;
  for (const std::string& line : lines_of(text)) {
    if (visible(line) != line) return "not all visible: " + visible(line);
    const std::string ticks = line.substr(0, line.find_first_not_of('`'));
    if (fence.empty() && ticks.size() >= 3) {
      fence = ticks;
      chart = line == fence + "mermaid";
    } else if (!fence.empty()) {
      if (line == fence) fence.clear();
      if (!fence.empty() && ticks.size() >= fence.size()) return "a fence inside a fence: " + line;
      if (!fence.empty() && chart && !is_chart_line(line)) return "no line of a chart: " + line;
    } else if (const std::string wrong = markdown_line_complaint(line); !wrong.empty()) {
      return wrong;
    }
  }
  return fence.empty() ? ci_command_complaint(text) : "a fence that is not closed";
}

std::vector<std::vector<std::string>> csv_rows(const std::string& text) {
  std::vector<std::vector<std::string>> rows;
  std::size_t at = 0;
  const auto broken = [&](const std::string& why) {
    rows.push_back({"broken: " + why + " at " + std::to_string(at)});
    return rows;
  };
  while (at < text.size()) {
    rows.emplace_back();
    while (true) {
      std::string cell;
      if (text[at] == '"') {
        for (++at;; ++at) {
          if (at >= text.size()) return broken("a quote that is not closed");
          if (text[at] != '"') {
            cell += text[at];
          } else if (text.compare(at, 2, "\"\"") == 0) {
            cell += text[at++];
          } else {
            break;
          }
        }
        ++at;
      } else {
        while (at < text.size() && std::string_view(",\r\n\"").find(text[at]) == std::string_view::npos)
          cell += text[at++];
      }
      rows.back().push_back(cell);
      if (at < text.size() && text[at] == ',') {
        ++at;
        continue;
      }
      if (text.compare(at, 2, "\r\n") != 0) return broken("neither a comma nor a line end");
      at += 2;
      break;
    }
  }
  return rows;
}

namespace {

bool is_number(const std::string& text) {
  double value = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
  return result.ec == std::errc() && result.ptr == text.data() + text.size();
}

bool is_formula(const std::string& text) {
  const std::string_view start = trimmed(text);
  for (const std::string_view sign : {"=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20"}) {
    if (start.starts_with(sign)) return true;
  }
  return false;
}

}  // namespace

std::string csv_complaint(const std::string& text) {
  const auto rows = csv_rows(text);
  if (rows.size() < 2) return "no rows";
  for (const auto& row : rows) {
    if (row.size() != rows.front().size()) return "another number of cells: " + row.front();
    for (const std::string& cell : row) {
      if (visible(cell) != cell) return "not all visible: " + visible(cell);
      if (is_formula(cell) && !is_number(cell)) return "a formula: " + cell;
    }
  }
  for (const auto& row : rows) {
    for (std::size_t i = 9; &row != &rows.front() && i < 16; ++i) {
      if (!row[i].empty() && !is_number(row[i])) return "no number: " + row[i];
    }
  }
  return ci_command_complaint(text);
}

namespace {

struct Sample {
  std::string name;
  std::string labels;
};

std::string sample_complaint(const std::string& line, Sample& sample) {
  static const std::regex form(R"(([a-z][a-z0-9_]*)\{((?:[a-z]+="[^"\\ #\n]+",?)+)\} (\S+))");
  std::smatch match;
  if (!std::regex_match(line, match, form)) return "no sample: " + line;
  sample = {match[1], match[2]};
  if (sample.labels.ends_with(',')) return "a comma at the end of: " + line;
  if (!is_number(match[3])) return "no number: " + line;
  return {};
}

bool belongs(const std::string& sample, const std::string& family, const std::string& type) {
  if (sample == family) return true;
  return type == "summary" && (sample == family + "_sum" || sample == family + "_count");
}

}  // namespace

std::string openmetrics_complaint(const std::string& text) {
  if (!text.ends_with("\n# EOF\n") && text != "# EOF\n") return "no # EOF at the end";
  static const std::regex type_line(R"(# TYPE ([a-z][a-z0-9_]*) (gauge|summary))");
  std::set<std::string> families, samples;
  std::string family, type;
  for (const std::string& line : lines_of(text)) {
    if (visible(line) != line) return "not all visible: " + visible(line);
    std::smatch match;
    if (line == "# EOF") continue;
    if (std::regex_match(line, match, type_line)) {
      family = match[1], type = match[2];
      if (!families.insert(family).second) return "a family in two places: " + family;
    } else if (!line.starts_with("# HELP " + family + " ")) {
      Sample sample;
      if (const std::string wrong = sample_complaint(line, sample); !wrong.empty()) return wrong;
      if (!belongs(sample.name, family, type)) return "outside its family: " + line;
      if (!samples.insert(sample.name + sample.labels).second) return "twice: " + line;
    }
  }
  if (count_of(text, "# EOF") != 1) return "more than one # EOF";
  return ci_command_complaint(text);
}

std::string github_complaint(const std::string& text) {
  static const std::regex form(R"(::(error|warning) (file=[^:,]+,(line=[0-9]+,)?(col=[0-9]+,)?)?title=[^:,]+::(.+))");
  const auto lines = lines_of(text);
  if (lines.size() > 10) return "more than ten";
  for (const std::string& line : lines) {
    std::smatch match;
    if (visible(line) != line) return "not all visible: " + visible(line);
    if (!std::regex_match(line, match, form)) return "no annotation: " + line;
    if (const std::string command = ci_command_complaint("text " + line); !command.empty()) return command;
    static const std::regex percent("%(?!25|3A|2C)");
    if (std::regex_search(line, percent)) return "a percent sign as it stands: " + line;
  }
  return {};
}

std::string azure_complaint(const std::string& text) {
  static const std::regex form(R"(##vso\[task\.logissue type=(error|warning)(;sourcepath=[^;\]]+)?)"
                               R"((;linenumber=[0-9]+)?(;columnnumber=[0-9]+)?\](.+))");
  const auto lines = lines_of(text);
  if (lines.size() > 10) return "more than ten";
  for (const std::string& line : lines) {
    std::smatch match;
    if (visible(line) != line) return "not all visible: " + visible(line);
    if (!std::regex_match(line, match, form)) return "no issue: " + line;
    if (const std::string command = ci_command_complaint(line.substr(6)); !command.empty()) return command;
    static const std::regex percent("%(?!AZP25|3B|5D)");
    if (std::regex_search(line, percent)) return "a percent sign as it stands: " + line;
  }
  return {};
}

}  // namespace burstgate::test

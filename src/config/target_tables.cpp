#include "config/target_tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <sstream>

#include "base/text.hpp"

namespace burstgate::config {

namespace {

constexpr std::size_t no_column = std::string::npos;

struct Row {
  std::vector<std::string> cells;
  int line = 0;
};

struct Table {
  Row head;
  std::vector<Row> rows;
  std::size_t target = no_column;
  std::size_t acceptable = no_column;
  std::size_t unacceptable = no_column;
};

std::string trimmed(const std::string& text) {
  const std::size_t first = text.find_first_not_of(" \t\r");
  if (first == std::string::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

std::string lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

// "| a | b |" -> a, b; nothing for a line that is no row.
std::vector<std::string> cells_of(const std::string& line) {
  const std::string row = trimmed(line);
  std::vector<std::string> cells;
  if (row.size() < 2 || row.front() != '|') return cells;
  std::istringstream rest(row.substr(1));
  for (std::string cell; std::getline(rest, cell, '|');) cells.push_back(trimmed(cell));
  return cells;
}

bool is_rule_line(const Row& row) {
  return !row.cells.empty() && std::all_of(row.cells.begin(), row.cells.end(), [](const std::string& cell) {
    return !cell.empty() && cell.find_first_not_of("-: ") == std::string::npos;
  });
}

std::size_t column_of(const Row& head, std::string_view begin) {
  for (std::size_t i = 1; i < head.cells.size(); ++i) {
    if (lower(head.cells[i]).starts_with(begin)) return i;
  }
  return no_column;
}

std::vector<Table> tables_in(const std::string& text) {
  std::vector<Table> tables;
  std::istringstream lines(text);
  std::vector<Row> rows;
  int number = 0;
  const auto close = [&] {
    if (rows.size() > 2 && is_rule_line(rows[1])) {
      Table table{rows[0], {rows.begin() + 2, rows.end()}};
      table.target = column_of(table.head, "target");
      table.acceptable = column_of(table.head, "acceptable");
      table.unacceptable = column_of(table.head, "unacceptable");
      if (table.target != no_column && table.acceptable != no_column) tables.push_back(std::move(table));
    }
    rows.clear();
  };
  for (std::string line; std::getline(lines, line);) {
    Row row{cells_of(line), ++number};
    if (row.cells.empty()) {
      close();
    } else {
      rows.push_back(std::move(row));
    }
  }
  close();
  return tables;
}

std::string cell(const Row& row, std::size_t column) {
  return column < row.cells.size() ? row.cells[column] : std::string{};
}

class Reader {
 public:
  Reader(const std::string& file, Mistakes& mistakes) : file_(file), mistakes_(mistakes) {}

  ForeignRules read(const std::vector<Table>& tables) {
    for (const Table& table : tables) {
      for (const Row& row : table.rows) {
        if (lower(table.head.cells.front()) == "percentile") {
          read_quantile(table, row);
        } else {
          read_level(table, row);
        }
      }
    }
    return std::move(rules_);
  }

 private:
  Place place(const Row& row) const { return {file_, row.line, 1}; }

  // "< 500ms" -> the limit. `bad`: the column names the values that are not accepted, "> 1000ms".
  std::optional<double> bound(const Row& row, std::size_t column, Metric metric, bool bad) {
    const bool at_least = kind(metric) == MetricKind::rate;
    const std::string text = cell(row, column);
    const std::size_t number = text.find_first_not_of("<>= ");
    Value value;
    value.kind = Value::Kind::scalar;
    value.place = place(row);
    if (text.starts_with(at_least != bad ? '>' : '<') && number != std::string::npos) {
      value.text = text.substr(number);
      return read_loose_limit(value, metric, mistakes_);
    }
    mistakes_.add("E-102", value.place, fmt::format("{}: '{}' is no target", name(metric), elided(text, 60)),
                  fmt::format("expected such as {}", at_least != bad ? "> 100" : "< 500ms or < 1%"));
    return std::nullopt;
  }

  std::optional<AbsoluteRule> rule(const Table& table, const Row& row, Metric metric) {
    AbsoluteRule made;
    made.metric = metric;
    made.place = place(row);
    const bool has_bad = table.unacceptable != no_column;
    made.warn = bound(row, table.target, metric, false);
    made.fail = bound(row, has_bad ? table.unacceptable : table.acceptable, metric, has_bad);
    if (!made.warn || !made.fail) return std::nullopt;
    if (*made.warn == *made.fail) made.warn.reset();
    return made;
  }

  void read_quantile(const Table& table, const Row& row) {
    const auto metric = metric_named(lower(row.cells.front()));
    if (!metric || kind(*metric) != MetricKind::latency) {
      mistakes_.add("E-117", place(row), fmt::format("unknown percentile '{}'", elided(row.cells.front(), 60)),
                    "such as P95");
      return;
    }
    if (const auto made = rule(table, row, *metric)) rules_.total.limits.push_back(*made);
  }

  // "Normal (200 users)": named "normal", with 200 users.
  void read_level(const Table& table, const Row& row) {
    const bool of_rate = lower(table.head.cells[table.target]).find("rps") != std::string::npos;
    const auto made = rule(table, row, of_rate ? Metric::throughput : Metric::error_rate);
    if (!made) return;
    LoadLevel level;
    const std::string& text = row.cells.front();
    level.name = lower(trimmed(text.substr(0, text.find('('))));
    const std::size_t digits = text.find_first_of("0123456789", text.find('('));
    if (digits != std::string::npos && text.find('(') != std::string::npos) level.users = std::atoi(&text[digits]);
    level.limits.push_back(*made);
    rules_.levels.push_back(std::move(level));
  }

  const std::string& file_;
  Mistakes& mistakes_;
  ForeignRules rules_;
};

}  // namespace

bool has_target_tables(const std::string& text) {
  return !tables_in(text).empty();
}

ForeignRules read_target_tables(const std::string& text, const std::string& file, Mistakes& mistakes) {
  mistakes.quote_from(file, text);
  return Reader(file, mistakes).read(tables_in(text));
}

}  // namespace burstgate::config

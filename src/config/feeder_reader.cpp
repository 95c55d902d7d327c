#include "config/feeder_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/encodings.hpp"
#include "base/error.hpp"
#include "base/json_text.hpp"
#include "base/text.hpp"
#include "config/named_file.hpp"
#include "config/profile_reader.hpp"

namespace burstgate::config {

namespace {

// One record after the other.
class CsvReader {
 public:
  explicit CsvReader(std::string_view text) : rest_(text) {}

  bool at_end() const { return rest_.empty(); }
  std::size_t line() const { return line_; }  // of the record that was read last
  const std::string& trouble() const { return trouble_; }

  std::vector<std::string> next() {
    line_ = next_line_;
    std::vector<std::string> record;
    do {
      record.push_back(rest_.starts_with('"') ? quoted() : plain());
    } while (trouble_.empty() && take(','));
    if (trouble_.empty() && !rest_.empty() && !take_line_end()) trouble_ = "text after a value in quotes";
    return record;
  }

 private:
  bool take(char c) {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  bool take_line_end() {
    const std::string_view before = rest_;
    take('\r');
    if (!take('\n')) rest_ = before;
    next_line_ += rest_ != before;
    return rest_.size() != before.size();
  }

  std::string plain() {
    const std::size_t end = std::min(rest_.find_first_of(",\n"), rest_.size());
    std::string_view value = rest_.substr(0, end);
    if (value.ends_with('\r') && rest_.substr(end).starts_with('\n')) value.remove_suffix(1);
    rest_.remove_prefix(value.size());
    if (value.find('"') != std::string_view::npos) trouble_ = "a quote inside a value without quotes";
    return std::string(value);
  }

  std::string quoted() {
    std::string value;
    take('"');
    while (!rest_.empty()) {
      const std::size_t quote = std::min(rest_.find('"'), rest_.size());
      value += rest_.substr(0, quote);
      rest_.remove_prefix(quote);
      if (!take('"')) break;
      if (!take('"')) {
        next_line_ += static_cast<std::size_t>(std::count(value.begin(), value.end(), '\n'));
        return value;
      }
      value += '"';
    }
    trouble_ = "a quote that is not closed";
    return value;
  }

  std::string_view rest_;
  std::size_t line_ = 1, next_line_ = 1;
  std::string trouble_;
};

std::string twice(const std::vector<std::string>& names) {
  for (auto name = names.begin(); name != names.end(); ++name) {
    if (std::find(names.begin(), name, *name) != name) return *name;
  }
  return {};
}

}  // namespace

Table parse_csv(std::string_view text) {
  constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  CsvReader reader(text);
  Table table;
  const auto say = [&](const std::string& what) { table.trouble = fmt::format("line {}: {}", reader.line(), what); };
  while (!reader.at_end() && table.trouble.empty()) {
    std::vector<std::string> record = reader.next();
    const bool blank = record.size() == 1 && record.front().empty();
    if (!reader.trouble().empty()) {
      say(reader.trouble());
    } else if (blank) {
      continue;
    } else if (table.columns.empty()) {
      table.columns = std::move(record);
    } else if (record.size() != table.columns.size()) {
      say(fmt::format("{} values for {} columns", record.size(), table.columns.size()));
    } else {
      table.rows.push_back(std::move(record));
    }
  }
  return table;
}

Table parse_json_rows(std::string_view text, const std::string& path) {
  const auto json = parse_json(text, path);
  Table table;
  if (!json.is_array()) return table.trouble = "expected a list of mappings, [{...}, ...]", table;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const auto& item = json[i];
    if (!item.is_object()) return table.trouble = fmt::format("item {} is no mapping", i), table;
    if (i == 0) {
      for (const auto& [key, value] : item.items()) table.columns.push_back(key);
    }
    std::vector<std::string>& row = table.rows.emplace_back();
    for (const std::string& column : table.columns) {
      if (!item.contains(column)) return table.trouble = fmt::format("item {} has no '{}'", i, column), table;
      row.push_back(item[column].is_string() ? item[column].get<std::string>() : dump_json(item[column], -1));
    }
  }
  return table;
}

namespace {

Table table_of(const NamedFile& file) {
  if (!file.path.ends_with(".json")) return parse_csv(file.content);
  try {
    return parse_json_rows(file.content, file.path);
  } catch (const Error& error) {
    const Problem& problem = error.problems().front();
    return {{}, {}, problem.where + ": " + problem.what};
  }
}

void read_rows(const Value& value, Feeder& feeder, const Reading& reading) {
  const auto file = read_named_file(value, "file", max_feeder_bytes, reading);
  if (!file) return;
  Table table = table_of(*file);
  const std::string again = twice(table.columns);
  if (table.trouble.empty() && !again.empty()) table.trouble = fmt::format("the column '{}' is there twice", again);
  if (table.trouble.empty() && table.rows.empty()) table.trouble = "no rows";
  if (!table.trouble.empty()) {
    reading.mistakes.add("E-134", value.place, fmt::format("{}: {}", file->path, visible(table.trouble)),
                         "expected CSV with a line of names first, or a .json file with a list of mappings");
    return;
  }
  feeder.file = file->path;
  feeder.digest = sha256(file->content);
  feeder.columns = std::move(table.columns);
  feeder.rows = std::make_shared<const Rows>(std::move(table.rows));
}

std::optional<FeederDraft> read_feeder(const Value& value, const Reading& reading) {
  FeederDraft draft{{}, value.place};
  Feeder& feeder = draft.feeder;
  Mistakes& mistakes = reading.mistakes;
  bool named = false;
  std::optional<Placed<bool>> wraps;
  const auto read_file = [&](const Entry& entry) {
    named = true;
    read_rows(entry.value, feeder, reading);
  };
  const auto read_order = [&](const Entry& entry) {
    feeder.order =
        static_cast<Feeder::Order>(read_choice(entry, {"sequential", "random", "unique"}, mistakes).value_or(0));
  };
  const auto read_per = [&](const Entry& entry) {
    feeder.per = static_cast<Feeder::Per>(read_choice(entry, {"iteration", "user"}, mistakes).value_or(0));
  };
  const auto read_end = [&](const Entry& entry) {
    const auto choice = read_choice(entry, {"wrap", "stop"}, mistakes);
    if (choice) wraps = Placed<bool>{*choice == 0, entry.value.place};
  };
  if (!read_mapping(value, "a feeder",
                    {{"file", read_file}, {"order", read_order}, {"per", read_per}, {"at_end", read_end}}, mistakes)) {
    return std::nullopt;
  }
  if (!named) mistakes.add("E-107", value.place, "a feeder without a file");
  feeder.wraps = wraps ? wraps->value : feeder.order != Feeder::Order::unique;
  if (wraps && feeder.order == Feeder::Order::unique && wraps->value) {
    mistakes.add("E-106", wraps->place, "at_end: wrap beside order: unique, which gives no row twice",
                 "write order: sequential to begin again");
  }
  if (wraps && feeder.order == Feeder::Order::random && !wraps->value) {
    mistakes.add("E-106", wraps->place, "at_end: stop beside order: random, which has no end",
                 "write order: unique to use each row once");
  }
  return feeder.rows == nullptr ? std::nullopt : std::optional(std::move(draft));
}

}  // namespace

std::vector<FeederDraft> read_feeders(const Value& value, const Reading& reading) {
  std::vector<FeederDraft> feeders;
  const auto read = [&](const Value& item) {
    if (auto feeder = read_feeder(item, reading)) feeders.push_back(std::move(*feeder));
  };
  read_items(value, "feeders", read, reading.mistakes);
  return feeders;
}

namespace {

// How many users there may be at the same time.
std::size_t users_of(const Plan& plan) {
  const int open = plan.profile.open ? plan.profile.open->connections : plan.paired ? default_connections : 0;
  const int closed = plan.profile.open && !plan.paired ? 0 : plan.profile.closed.users;
  return static_cast<std::size_t>(std::max(open, closed));
}

void check_feeder(const Feeder& feeder, const Place& place, const Plan& plan, Mistakes& mistakes) {
  if (feeder.wraps || feeder.order == Feeder::Order::random) return;
  const std::size_t users = users_of(plan);
  if (feeder.per == Feeder::Per::user && feeder.rows->size() < users) {
    mistakes.add(
        "E-106", place,
        fmt::format("{} has {} rows for {} users, each of which keeps one", feeder.file, feeder.rows->size(), users),
        "add rows, or write order: sequential to begin again");
  } else if (feeder.per == Feeder::Per::iteration && plan.paired) {
    mistakes.add("E-106", place,
                 fmt::format("{} ends, and a paired comparison takes as many rounds as it needs", feeder.file),
                 "let it wrap, or write per: user");
  }
}

}  // namespace

void check_feeders(const Plan& plan, Mistakes& mistakes) {
  std::set<std::size_t> checked;
  const auto check = [&](const Scenario& scenario) {
    for (const FeederUse& use : scenario.feeders) {
      if (checked.insert(use.feeder).second) check_feeder(plan.feeders[use.feeder], use.place, plan, mistakes);
    }
  };
  check(plan.around);
  for (const Scenario& scenario : plan.scenarios) check(scenario);
}

}  // namespace burstgate::config

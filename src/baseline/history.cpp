#include "baseline/history.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <tuple>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/json_scan.hpp"
#include "base/json_text.hpp"
#include "base/utc_time.hpp"
#include "baseline/history_index.hpp"
#include "measure/histogram.hpp"
#include "measure/latency_summary.hpp"
#include "measure/measurement.hpp"
#include "measure/result_json.hpp"

namespace burstgate::baseline {

using measure::Figures;
using measure::RunSummary;

namespace {

[[noreturn]] void refuse(const std::string& file, std::string what, std::string hint = {}) {
  throw Error(Trouble::usage, {.code = "E-540", .where = file, .what = std::move(what), .hint = std::move(hint)});
}

// Members of an object that must be there.
class Object {
 public:
  Object(std::string_view text, std::string path, const std::string& file) : path_(std::move(path)), file_(file) {
    auto members = json_members(text);
    if (!members) refuse(file_, path_ + ": expected an object");
    members_ = std::move(*members);
  }

  std::string_view find(std::string_view key) const { return member_named(members_, key); }
  std::string_view at(std::string_view key) const {
    const std::string_view value = find(key);
    if (value.empty()) refuse(file_, fmt::format("{}: no '{}'", path_, key));
    return value;
  }
  Object object(std::string_view key) const { return {at(key), fmt::format("{}.{}", path_, key), file_}; }
  std::string text(std::string_view key) const { return checked(json_string(at(key)), key, "a text"); }
  std::string text_or_empty(std::string_view key) const { return find(key).empty() ? std::string() : text(key); }
  bool boolean(std::string_view key) const { return checked(json_boolean(at(key)), key, "true or false"); }
  // Null is nothing.
  std::optional<double> number(std::string_view key) const {
    const std::string_view value = at(key);
    if (value == "null") return std::nullopt;
    return checked(json_number(value), key, "a number");
  }

 private:
  template <typename T>
  T checked(std::optional<T> value, std::string_view key, std::string_view expected) const {
    if (!value) refuse(file_, fmt::format("{}.{}: expected {}", path_, key, expected));
    return std::move(*value);
  }

  std::string path_;
  const std::string& file_;
  std::vector<JsonMember> members_;
};

Figures point_figures(const Object& point) {
  Figures figures;
  for (const Metric metric : all_metrics) {
    const std::string key = measure::point_key(metric);
    if (point.find(key).empty()) continue;
    const auto value = point.number(key);
    if (value) figures[metric] = kind(metric) == MetricKind::latency ? measure::us_from_ms(*value) : *value;
  }
  return figures;
}

// Of totals or an endpoint.
Figures figures_of(const Object& result) {
  if (!result.find("point").empty()) return point_figures(result.object("point"));
  Figures figures;
  if (!result.find("figures").empty()) figures = point_figures(result.object("figures"));
  if (const auto rate = result.number("throughput_rps")) figures[Metric::throughput] = *rate;
  if (const auto share = result.number("error_rate")) figures[Metric::error_rate] = *share;
  if (result.at("latency_ms") == "null") return figures;
  const Object latency = result.object("latency_ms");
  for (const auto& [key, metric] : measure::summary_keys) {
    if (const auto ms = latency.number(key)) figures[metric] = measure::us_from_ms(*ms);
  }
  return figures;
}

std::string machine_class_of(const Object& environment) {
  measure::Environment machine;
  machine.cpu_model = environment.text("cpu_model");
  machine.cores = static_cast<int>(environment.number("cores").value_or(0));
  machine.cpu_limit = environment.number("cpu_limit");
  return machine.machine_class();
}

void check_kind(const Object& root, const std::string& file) {
  if (root.find("schema").empty()) refuse(file, "not a burstgate result: there is no 'schema'");
  const std::string schema = root.text("schema");
  if (schema == measure::result_schema) return;
  refuse(file, fmt::format("written as \"{}\", a history holds \"{}\"", schema, measure::result_schema));
}

}  // namespace

RunSummary read_summary(std::string_view text, const std::string& file) {
  if (!json_members(text)) {
    parse_json(text, file);  // which says where it is wrong
    refuse(file, "not a burstgate result: there is no 'schema'");
  }
  const Object root(text, "$", file);
  check_kind(root, file);
  if (const std::string definition = root.text("percentile_def"); definition != measure::percentile_definition) {
    refuse(file, fmt::format("its percentiles are \"{}\", which cannot be compared with ours", definition));
  }
  const auto started_at = from_iso8601(root.text("started_at"));
  if (!started_at) refuse(file, "$.started_at: expected a UTC time such as \"2026-01-31T12:00:00Z\"");

  RunSummary run;
  run.file = file;
  run.started_at_unix_s = *started_at;
  run.commit = root.text("commit");
  run.branch = root.text_or_empty("branch");
  run.pull_request = root.text_or_empty("pull_request");
  run.operation = root.text("operation");
  run.profile = root.text("profile");
  run.complete = !root.boolean("partial") && !root.boolean("target_died");
  const Object totals = root.object("totals");
  if (totals.find("point").empty()) run.machine_class = machine_class_of(root.object("environment"));
  run.workload_digest = root.object("workload").text("digest");
  run.total = figures_of(totals);
  const auto endpoints = json_elements(root.at("endpoints"));
  if (!endpoints) refuse(file, "$.endpoints: expected an array");
  for (const std::string_view element : *endpoints) {
    const Object endpoint(element, fmt::format("$.endpoints[{}]", run.endpoints.size()), file);
    run.endpoints.emplace_back(endpoint.text("name"), figures_of(endpoint));
  }
  if (!root.find("verdict").empty()) run.outcome = root.object("verdict").text("outcome");
  return run;
}

namespace {

namespace fs = std::filesystem;

constexpr std::int64_t earliest_plausible_s = 946'684'800;  // the year 2000: clocks that were never set are before it
constexpr std::int64_t clock_slack_s = 3'600;

std::vector<FileState> files_in(const std::string& folder) {
  std::error_code error;
  std::vector<FileState> files;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    struct stat status {};
    if (!name.ends_with(".json") || ::stat(entry->path().c_str(), &status) != 0 || !S_ISREG(status.st_mode)) continue;
    constexpr std::int64_t ns_per_s = 1'000'000'000;
    files.push_back({name, static_cast<std::uint64_t>(status.st_size),
                     std::int64_t{status.st_mtim.tv_sec} * ns_per_s + status.st_mtim.tv_nsec});
  }
  if (error) refuse(folder, fmt::format("cannot be read as a folder: {}", error.message()), "name a folder of results");
  std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return files;
}

// A file cannot be older than the run in it, whatever copied it later.
void note_clock(const RunSummary& run, const FileState& file, History& history) {
  constexpr std::int64_t ns_per_s = 1'000'000'000;
  const std::int64_t written_s = file.mtime_ns / ns_per_s;
  if (run.started_at_unix_s < earliest_plausible_s) {
    history.doubtful.push_back({run.file, fmt::format("says it ran at {}: its clock was not set, it comes first",
                                                      to_iso8601(run.started_at_unix_s))});
  } else if (written_s + clock_slack_s < run.started_at_unix_s && written_s > earliest_plausible_s) {
    history.doubtful.push_back(
        {run.file, fmt::format("says it ran at {}, but was written at {}: the clock went backwards",
                               to_iso8601(run.started_at_unix_s), to_iso8601(written_s))});
  }
}

auto order_of(const RunSummary& run) {
  return std::tie(run.started_at_unix_s, run.file);
}

bool is_same_run(const RunSummary& a, const RunSummary& b) {
  return a.started_at_unix_s == b.started_at_unix_s && a.operation == b.operation && a.commit == b.commit &&
         a.machine_class == b.machine_class && a.complete == b.complete && a.total == b.total &&
         a.endpoints == b.endpoints;
}

}  // namespace

bool matches(const RunSummary& run, const RunFilter& filter) {
  const auto is = [](const std::optional<std::string>& wanted, const std::string& value) {
    return !wanted || *wanted == value;
  };
  return is(filter.operation, run.operation) && is(filter.profile, run.profile) && is(filter.branch, run.branch) &&
         is(filter.pull_request, run.pull_request) && (!filter.commit || run.commit.starts_with(*filter.commit)) &&
         (!filter.machine || run.machine_class.find(*filter.machine) != std::string::npos);
}

void order_runs(History& history) {
  std::vector<RunSummary> sorted = std::move(history.runs);
  std::sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return order_of(a) < order_of(b); });
  history.runs.clear();
  std::size_t same_start = 0;  // the first of the kept runs that started in the same second
  for (RunSummary& run : sorted) {
    if (!history.runs.empty() && history.runs.back().started_at_unix_s != run.started_at_unix_s) {
      same_start = history.runs.size();
    }
    const auto twin = std::find_if(history.runs.begin() + static_cast<std::ptrdiff_t>(same_start), history.runs.end(),
                                   [&](const RunSummary& kept) { return is_same_run(kept, run); });
    if (twin == history.runs.end()) {
      history.runs.push_back(std::move(run));
    } else {
      history.copies.push_back({run.file, "the same run as " + twin->file});
    }
  }
}

History read_history(const std::string& folder) {
  const std::vector<FileState> files = files_in(folder);
  const fs::path parent(folder);
  const std::string index_path = (parent / history_index).string();
  const HistoryIndex known = files.size() < min_files_for_index ? HistoryIndex() : read_index(index_path);
  HistoryIndex index;
  History history;
  for (const FileState& file : files) {
    if (const auto entry = known.find(file.name); entry != known.end() && entry->second.state == file) {
      ++history.from_index;
      index.insert(*entry);
    } else {
      try {
        const std::string text = read_file((parent / file.name).string(), max_json_bytes);
        index[file.name] = {file, read_summary(text, file.name)};
      } catch (const Error& error) {
        history.unread.push_back({file.name, error.problems().front().what});
        continue;
      }
    }
    history.runs.push_back(index.at(file.name).run);
    note_clock(history.runs.back(), file, history);
  }
  const bool has_changed = history.from_index != index.size() || known.size() != index.size();
  if (files.size() >= min_files_for_index && has_changed) write_index(index_path, index);
  order_runs(history);
  return history;
}

}  // namespace burstgate::baseline

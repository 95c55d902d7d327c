#include "baseline/history_index.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string_view>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/json_scan.hpp"
#include "base/json_text.hpp"

namespace burstgate::baseline {

using measure::Figures;
using measure::RunSummary;
using Json = nlohmann::ordered_json;

namespace {

// The first line. Another version of this program may have kept something else.
constexpr std::string_view heading = R"({"schema":"burstgate-history/1"})";
constexpr std::size_t largest_index = 256u << 20;

struct TextField {
  const char* key;
  std::string RunSummary::*field;
};
constexpr TextField text_fields[] = {
    {"commit", &RunSummary::commit},
    {"branch", &RunSummary::branch},
    {"pull_request", &RunSummary::pull_request},
    {"operation", &RunSummary::operation},
    {"profile", &RunSummary::profile},
    {"machine_class", &RunSummary::machine_class},
    {"workload_digest", &RunSummary::workload_digest},
    {"outcome", &RunSummary::outcome},
};

Json to_json(const Figures& figures) {
  Json json = Json::object();
  for (const auto& [metric, value] : figures) json[std::string(name(metric))] = value;
  return json;
}

Json to_json(const IndexEntry& entry) {
  const RunSummary& run = entry.run;
  Json json;
  json["file"] = entry.state.name;
  json["size"] = entry.state.size;
  json["mtime_ns"] = std::to_string(entry.state.mtime_ns);  // more digits than a double has
  json["started_at"] = run.started_at_unix_s;
  for (const auto& [key, field] : text_fields) json[key] = run.*field;
  json["complete"] = run.complete;
  json["total"] = to_json(run.total);
  Json& endpoints = json["endpoints"] = Json::array();
  for (const auto& [endpoint, figures] : run.endpoints) {
    endpoints.push_back(Json{{"name", endpoint}, {"figures", to_json(figures)}});
  }
  return json;
}

std::optional<Figures> read_figures(std::string_view text) {
  const auto members = json_members(text);
  if (!members) return std::nullopt;
  Figures figures;
  for (const auto& [key, value] : *members) {
    const auto metric = metric_named(key);
    const auto number = json_number(value);
    if (!metric || !number) return std::nullopt;
    figures[*metric] = *number;
  }
  return figures;
}

bool read_endpoints(std::string_view text, RunSummary& run) {
  const auto elements = json_elements(text);
  if (!elements) return false;
  for (const std::string_view element : *elements) {
    const auto members = json_members(element);
    const auto name = members ? json_string(member_named(*members, "name")) : std::nullopt;
    auto figures = name ? read_figures(member_named(*members, "figures")) : std::nullopt;
    if (!figures) return false;
    run.endpoints.emplace_back(*name, std::move(*figures));
  }
  return true;
}

std::optional<IndexEntry> read_entry(std::string_view line) {
  const auto members = json_members(line);
  if (!members) return std::nullopt;
  const auto file = json_string(member_named(*members, "file"));
  const auto size = json_number(member_named(*members, "size"));
  const auto mtime = json_string(member_named(*members, "mtime_ns"));
  const auto started_at = json_number(member_named(*members, "started_at"));
  const auto complete = json_boolean(member_named(*members, "complete"));
  auto total = read_figures(member_named(*members, "total"));
  if (!file || !size || !mtime || !started_at || !complete || !total) return std::nullopt;
  IndexEntry entry;
  entry.state = {*file, static_cast<std::uint64_t>(*size), std::strtoll(mtime->c_str(), nullptr, 10)};
  entry.run.file = *file;
  entry.run.started_at_unix_s = static_cast<std::int64_t>(*started_at);
  entry.run.complete = *complete;
  entry.run.total = std::move(*total);
  for (const auto& [key, field] : text_fields) {
    auto text = json_string(member_named(*members, key));
    if (!text) return std::nullopt;
    entry.run.*field = std::move(*text);
  }
  if (!read_endpoints(member_named(*members, "endpoints"), entry.run)) return std::nullopt;
  return entry;
}

}  // namespace

HistoryIndex read_index(const std::string& path) {
  HistoryIndex index;
  std::string content;
  try {
    content = read_file(path, largest_index);
  } catch (const Error&) {
    return index;
  }
  std::string_view rest = content;
  const auto next_line = [&] {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    return line;
  };
  if (next_line() != heading) return index;
  while (!rest.empty()) {
    if (auto entry = read_entry(next_line())) index[entry->state.name] = std::move(*entry);
  }
  return index;
}

void write_index(const std::string& path, const HistoryIndex& index) {
  std::string content = std::string(heading) + "\n";
  for (const auto& [file, entry] : index) content += dump_json(to_json(entry), -1) + "\n";
  if (content.size() > largest_index) return;
  try {
    replace_file(path, content);
  } catch (const Error&) {
    return;  // a folder that cannot be written to is a history all the same
  }
}

}  // namespace burstgate::baseline

// What a baseline file holds, and how a run comes into it.
#include "baseline/baseline.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <utility>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/json_node.hpp"
#include "base/json_text.hpp"
#include "base/utc_time.hpp"
#include "baseline/baseline_file.hpp"
#include "measure/result_json.hpp"

namespace burstgate::baseline {

namespace {

using measure::Json;
using measure::Measurement;

std::optional<Promotion> read_promotion(const JsonNode& run) {
  const auto node = run.find("promoted");
  if (!node) return std::nullopt;
  const JsonNode at = node->at("at"), file = node->at("file"), outcome = node->at("outcome");
  const JsonNode accepted = node->at("accepted");
  return Promotion{at.text(), file.text(), outcome.text(), accepted.text()};
}

StoredRun read_run(const JsonNode& run, const std::string& path) {
  return {measure::from_json(run.json(), path, run.path()), read_promotion(run)};
}

std::vector<StoredRun> read_runs(const JsonNode& root, const std::string& path) {
  check_heading(root);
  const JsonNode runs = root.at("runs");
  const std::vector<JsonNode> elements = runs.elements();
  if (elements.empty()) runs.fail("there are no runs in it", "E-532", "record one");
  std::vector<StoredRun> stored;
  for (const JsonNode& run : elements) stored.push_back(read_run(run, path));
  return stored;
}

std::vector<Anchor> read_anchors(const JsonNode& root, const std::string& path) {
  std::vector<Anchor> anchors;
  const auto node = root.find("anchors");
  if (!node) return anchors;
  for (const JsonNode& element : node->elements()) {
    const JsonNode name = element.at("name"), run = element.at("run");
    if (name.text().empty()) name.fail_expecting("a name");
    anchors.push_back({name.text(), read_run(run, path)});
  }
  return anchors;
}

}  // namespace

Contents read_contents(const measure::Json& json, const std::string& path) {
  const JsonNode root(json, path, "$");
  if (is_baseline(json)) return {read_runs(root, path), read_anchors(root, path)};
  return {{{measure::from_json(json, path), std::nullopt}}, {}};
}

std::vector<Measurement> read_baseline(const std::string& path) {
  return read_baseline(parse_json(read_file(path, max_json_bytes), path), path);
}

std::vector<Measurement> read_baseline(const measure::Json& json, const std::string& path) {
  std::vector<Measurement> runs;
  for (StoredRun& stored : read_contents(json, path).runs) runs.push_back(std::move(stored.run));
  return runs;
}

namespace {

Json run_json(const Measurement& run, const std::optional<Promotion>& promotion) {
  Json json = measure::to_json(run);
  if (!promotion) return json;
  Json& promoted = json["promoted"];
  promoted["at"] = promotion->at;
  promoted["file"] = promotion->file;
  promoted["outcome"] = promotion->outcome;
  promoted["accepted"] = promotion->accepted;
  return json;
}

}  // namespace

std::size_t append_run(const std::string& path, const Measurement& run, bool replace) {
  return append_run(path, {run, std::nullopt}, {.replace = replace});
}

std::size_t append_run(const std::string& path, const StoredRun& stored, const Appending& how) {
  std::size_t runs = 0;
  change_file(path, how.replace, [&](FileParts& parts) {
    parts.runs.push_back(run_json(stored.run, stored.promotion));
    if (how.keep) keep_newest(parts.runs, *how.keep);
    fit(parts);
    runs = parts.runs.size();
  });
  return runs;
}

void pin_anchor(const std::string& path, const std::string& name, const StoredRun& stored) {
  change_file(path, false, [&](FileParts& parts) {
    const Json run = run_json(stored.run, stored.promotion);
    Json kept = Json::array();
    for (const Json& anchor : parts.anchors) {
      if (anchor.at("name") == name || group_of(anchor.at("run")) != group_of(run)) kept.push_back(anchor);
    }
    kept.push_back(Json{{"name", name}, {"run", run}});
    parts.anchors = std::move(kept);
    if (parts.runs.empty()) parts.runs.push_back(run);
    fit(parts);
  });
}

namespace {

// Starts of the runs, in the file's order.
std::vector<std::int64_t> starts_of(const Json& runs) {
  std::vector<std::int64_t> starts;
  for (const Json& run : runs) starts.push_back(from_iso8601(run.at("started_at").get<std::string>()).value_or(0));
  return starts;
}

// By index.
std::set<std::size_t> leaving(const Json& runs, const PruneRule& rule) {
  std::set<std::size_t> leave;
  if (rule.drop) leave.insert(*rule.drop - 1);
  constexpr std::int64_t seconds_per_day = 86'400;
  const std::vector<std::int64_t> starts = starts_of(runs);
  const std::int64_t newest = *std::max_element(starts.begin(), starts.end());
  std::map<std::string, std::size_t> later;
  for (std::size_t i = runs.size(); i-- > 0;) {
    if (leave.contains(i)) continue;
    const bool is_old = rule.days && starts[i] < newest - static_cast<std::int64_t>(*rule.days) * seconds_per_day;
    if (is_old || (rule.keep && ++later[group_of(runs[i])] > *rule.keep)) leave.insert(i);
  }
  return leave;
}

void remove_runs(const std::string& path, FileParts& parts, const PruneRule& rule, std::vector<std::size_t>& left) {
  const auto refuse = [&](std::string what, std::string hint) {
    throw Error(Trouble::usage, {.code = "E-534", .where = path, .what = std::move(what), .hint = std::move(hint)});
  };
  if (rule.drop && *rule.drop > parts.runs.size()) {
    refuse(fmt::format("there is no run {}", *rule.drop), fmt::format("it has {}", parts.runs.size()));
  }
  const std::set<std::size_t> leave = leaving(parts.runs, rule);
  if (leave.size() == parts.runs.size()) refuse("no run would be left", "delete the file, or record --replace");
  Json kept = Json::array();
  for (std::size_t i = 0; i < parts.runs.size(); ++i) {
    if (leave.contains(i)) left.push_back(i + 1);
    if (!leave.contains(i)) kept.push_back(parts.runs[i]);
  }
  parts.runs = std::move(kept);
}

}  // namespace

std::vector<std::size_t> prune(const std::string& path, const PruneRule& rule) {
  std::vector<std::size_t> left;
  const auto change = [&](FileParts& parts) { remove_runs(path, parts, rule, left); };
  if (rule.dry_run) {
    FileParts parts = read_parts(path);
    change(parts);
  } else {
    change_file(path, false, change);
  }
  return left;
}

namespace {

// One path component: what could leave the folder, hide the file or upset a shell becomes "_".
std::string as_file_name(const std::string& operation) {
  constexpr std::size_t longest = 100;
  std::string name = operation.substr(0, longest);
  for (char& c : name) {
    const bool plain =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
    if (!plain) c = '_';
  }
  if (!name.empty() && (name.front() == '.' || name.front() == '-')) name.front() = '_';
  return name.empty() ? "run" : name;
}

}  // namespace

std::string result_file_name(const std::string& folder, const std::string& operation, std::int64_t unix_s) {
  const std::string stem = fmt::format("{}_{}", as_file_name(operation), to_file_stamp(unix_s));
  const std::filesystem::path parent(folder);
  std::string path = (parent / (stem + ".json")).string();
  for (int number = 2; file_exists(path); ++number) path = (parent / fmt::format("{}_{}.json", stem, number)).string();
  return path;
}

}  // namespace burstgate::baseline

// The file that a gate compares with. It is read strictly and written as a whole or not at all: under a lock, so that
// two writers append one after the other, and by replacing the file, so that readers need no lock.
#include "baseline/baseline.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "base/assert.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/json_node.hpp"
#include "base/json_text.hpp"
#include "base/utc_time.hpp"
#include "measure/result_json.hpp"

namespace burstgate::baseline {

namespace {

using measure::Json;
using measure::Measurement;

constexpr std::string_view schema_stem = "burstgate-baseline/";

bool is_baseline(const Json& json) {
  if (!json.is_object()) return false;
  const auto schema = json.find("schema");
  return schema != json.end() && schema->is_string() && schema->get_ref<const std::string&>().starts_with(schema_stem);
}

void check_heading(const JsonNode& root) {
  const JsonNode schema = root.at("schema");
  if (schema.text() != baseline_schema) {
    schema.fail(fmt::format("written as \"{}\", this program reads \"{}\"", schema.text(), baseline_schema), "E-531",
                "use the newer program, or record the baseline again with this one");
  }
  const auto complete = root.find("complete");
  if (!complete || !complete->json().is_boolean() || !complete->boolean()) {
    root.fail("the file is incomplete: it does not end in \"complete\": true", "E-530",
              "restore it, or record it again");
  }
}

std::vector<Measurement> read_runs(const JsonNode& root, const std::string& path) {
  check_heading(root);
  const JsonNode runs = root.at("runs");
  const std::vector<JsonNode> elements = runs.elements();
  if (elements.empty()) runs.fail("there are no runs in it", "E-532", "record one");
  std::vector<Measurement> measurements;
  for (const JsonNode& run : elements) {
    measurements.push_back(measure::from_json(run.json(), path, fmt::format("$.runs[{}]", measurements.size())));
  }
  return measurements;
}

// The runs that are in the file, as they stand there: whatever else a run's JSON holds is kept.
Json existing_runs(const std::string& path) {
  Json json = parse_json(read_file(path, max_json_bytes), path);
  read_baseline(json, path);
  return is_baseline(json) ? json["runs"] : Json::array({json});
}

std::string to_text(const Json& runs) {
  Json json;
  json["schema"] = baseline_schema;
  json["runs"] = runs;
  json["complete"] = true;
  return dump_json(json, 2) + "\n";
}

// Runs that are compared with each other: one machine class, one workload.
std::string group_of(const Json& run) {
  const Json& environment = run.at("environment");
  return environment.at("cpu_model").dump() + environment.at("cores").dump() + environment.at("cpu_limit").dump() +
         run.at("workload").at("digest").dump();
}

// The oldest run of the largest group leaves: a machine or a profile that records often does not push out the others.
void drop_one(Json& runs) {
  std::map<std::string, int> sizes;
  int largest = 0;
  for (const Json& run : runs) largest = std::max(largest, ++sizes[group_of(run)]);
  runs.erase(std::find_if(runs.begin(), runs.end(), [&](const Json& run) { return sizes[group_of(run)] == largest; }));
}

// Drops runs until the file can be read again.
std::string fitting_text(Json& runs) {
  while (runs.size() > max_runs) drop_one(runs);
  std::string text = to_text(runs);
  while (text.size() > max_json_bytes && runs.size() > 1) {
    drop_one(runs);
    text = to_text(runs);
  }
  return text;
}

}  // namespace

std::vector<Measurement> read_baseline(const std::string& path) {
  return read_baseline(parse_json(read_file(path, max_json_bytes), path), path);
}

std::vector<Measurement> read_baseline(const measure::Json& json, const std::string& path) {
  if (is_baseline(json)) return read_runs(JsonNode(json, path, "$"), path);
  return {measure::from_json(json, path)};
}

std::size_t append_run(const std::string& path, const Measurement& run, bool replace) {
  make_parent_folders(path);
  const FileLock lock(path);
  remove_stale_temp_files(path);
  // A dangling link "does not exist" here; replace_file() refuses it as it refuses every link.
  Json runs = !replace && file_exists(path) ? existing_runs(path) : Json::array();
  runs.push_back(measure::to_json(run));
  const std::string text = fitting_text(runs);
  if (text.size() > max_json_bytes) {
    throw Error(Trouble::output,
                {"E-533",
                 path,
                 fmt::format("the run takes {} bytes, at most {} can be read again", text.size(), max_json_bytes),
                 "shorten the run",
                 {},
                 0});
  }
  replace_file(path, text);
  return runs.size();
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

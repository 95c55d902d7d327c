// The file is read strictly and written as a whole or not at all: under a lock, so that two writers come one after the
// other, and by replacing it, so that readers need no lock.
#include "baseline/baseline_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/json_text.hpp"
#include "baseline/baseline.hpp"

namespace burstgate::baseline {

using Json = nlohmann::ordered_json;

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

std::string group_of(const Json& run) {
  const Json& environment = run.at("environment");
  return environment.at("cpu_model").dump() + environment.at("cores").dump() + environment.at("cpu_limit").dump() +
         run.at("workload").at("digest").dump();
}

FileParts read_parts(const std::string& path) {
  Json json = parse_json(read_file(path, max_json_bytes), path);
  read_contents(json, path);
  FileParts parts;
  if (!is_baseline(json)) {
    parts.runs.push_back(std::move(json));
    return parts;
  }
  parts.runs = std::move(json["runs"]);
  if (json.contains("anchors")) parts.anchors = std::move(json["anchors"]);
  return parts;
}

namespace {

// Who starts afresh starts the runs afresh: the last release stays what it was, where the old file can be read.
FileParts anchors_alone(const std::string& path) {
  FileParts parts;
  try {
    parts.anchors = read_parts(path).anchors;
  } catch (const Error&) {
    return parts;
  }
  return parts;
}

std::string to_text(const FileParts& parts) {
  Json json;
  json["schema"] = baseline_schema;
  json["runs"] = parts.runs;
  if (!parts.anchors.empty()) json["anchors"] = parts.anchors;
  json["complete"] = true;
  return dump_json(json, 2) + "\n";
}

// The oldest run of the largest group leaves: a machine or a profile that records often does not push out the others.
void drop_one(Json& runs) {
  std::map<std::string, int> sizes;
  int largest = 0;
  for (const Json& run : runs) largest = std::max(largest, ++sizes[group_of(run)]);
  runs.erase(std::find_if(runs.begin(), runs.end(), [&](const Json& run) { return sizes[group_of(run)] == largest; }));
}

}  // namespace

void keep_newest(Json& runs, std::size_t most) {
  std::map<std::string, std::size_t> later;
  Json kept = Json::array();
  for (auto run = runs.rbegin(); run != runs.rend(); ++run) {
    if (++later[group_of(*run)] <= most) kept.push_back(*run);
  }
  std::reverse(kept.begin(), kept.end());
  runs = std::move(kept);
}

void fit(FileParts& parts) {
  while (parts.runs.size() > max_runs) drop_one(parts.runs);
  while (parts.runs.size() > 1 && to_text(parts).size() > max_json_bytes) drop_one(parts.runs);
}

void change_file(const std::string& path, bool afresh, const std::function<void(FileParts&)>& change) {
  make_parent_folders(path);
  const FileLock lock(path);
  remove_stale_temp_files(path);
  // A dangling link "does not exist" here; replace_file() refuses it as it refuses every link.
  FileParts parts;
  if (file_exists(path)) parts = afresh ? anchors_alone(path) : read_parts(path);
  change(parts);
  const std::string text = to_text(parts);
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
}

}  // namespace burstgate::baseline

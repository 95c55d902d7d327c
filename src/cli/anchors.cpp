#include "cli/anchors.hpp"

#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/json_text.hpp"
#include "base/text.hpp"
#include "baseline/baseline.hpp"
#include "cli/saved.hpp"
#include "importers/source.hpp"

namespace burstgate::cli {

namespace {

// The document of a baseline file; nothing for any other file, which need not be JSON, and may be large.
std::optional<importers::Json> baseline_document(const std::string& path) {
  const importers::Source source = importers::Source::open(path);
  for (const char* word : {"\"schema\"", "burstgate"}) {
    if (source.head().find(word) == std::string_view::npos) return std::nullopt;
  }
  auto json = parse_json(read_file(path, max_json_bytes), path);
  const bool is_baseline = json.is_object() && json.contains("schema") && json.contains("runs");
  return is_baseline ? std::optional(std::move(json)) : std::nullopt;
}

std::string names_of(const std::vector<baseline::Anchor>& anchors) {
  std::vector<std::string> names;
  for (const baseline::Anchor& anchor : anchors) {
    const std::string name = visible(elided(anchor.name, 80));
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  return join(names, ", ");
}

}  // namespace

verdict::BaselineSide read_baseline_side(const std::string& path, std::optional<double> value_unit_us) {
  verdict::BaselineSide side{.configured = true, .runs = {}};
  const auto json = baseline_document(path);
  if (!json) {
    side.runs = read_saved(path, value_unit_us);
    return side;
  }
  baseline::Contents contents = baseline::read_contents(*json, path);
  side.anchor_name = names_of(contents.anchors);
  for (baseline::StoredRun& stored : contents.runs) side.runs.push_back(std::move(stored.run));
  for (baseline::Anchor& anchor : contents.anchors) side.anchors.push_back(std::move(anchor.stored.run));
  return side;
}

verdict::Anchor anchor_in_file(const std::string& path) {
  verdict::Anchor anchor{path, {}};
  const verdict::BaselineSide side = read_baseline_side(path);
  const bool is_baseline = baseline_document(path).has_value();
  if (is_baseline && side.anchors.empty()) {
    throw Error(Trouble::usage, {.code = "E-039",
                                 .where = path,
                                 .what = "there is no anchor in this baseline file",
                                 .hint = "burstgate promote RESULT --anchor NAME pins one"});
  }
  if (is_baseline) anchor.name = side.anchor_name;
  for (const measure::Measurement& run : is_baseline ? side.anchors : side.runs) {
    anchor.runs.push_back(measure::summary_of_run(run, path));
  }
  return anchor;
}

}  // namespace burstgate::cli

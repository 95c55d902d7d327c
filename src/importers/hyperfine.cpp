// Each command is an endpoint, each run of it a request that took as long as the process. When the runs were made is
// not in the file: they are laid one behind the other.
#include "importers/hyperfine.hpp"

#include <fmt/format.h>

#include <cmath>

#include "base/json_node.hpp"
#include "base/text.hpp"
#include "importers/origin.hpp"
#include "importers/raw_points.hpp"
#include "importers/values.hpp"

namespace burstgate::importers {

using measure::Measurement;

bool is_hyperfine(Source& source) {
  const Json* json = source.json();
  if (json == nullptr || !json->is_object() || !json->contains("results")) return false;
  const Json& results = json->at("results");
  return results.is_array() && !results.empty() && results[0].is_object() && results[0].contains("command") &&
         results[0].contains("mean");
}

Measurement read_hyperfine(Source& source) {
  constexpr double longest_s = 24 * 3600;
  const JsonNode root(*source.json(), source.path(), "$");
  const JsonNode results = root.at("results");
  RawPoints points(source, "");
  std::int64_t now_us = 0;
  std::string name;
  for (const JsonNode& result : results.elements()) {
    const JsonNode command = result.at("command"), times = result.at("times");
    name = command.text();
    const auto codes = result.find("exit_codes");
    const std::vector<JsonNode> exits = codes ? codes->elements() : std::vector<JsonNode>{};
    const std::vector<JsonNode> runs = times.elements();
    if (codes && exits.size() != runs.size()) {
      codes->fail(fmt::format("{} exit codes of {} times", exits.size(), runs.size()), inconsistent);
    }
    for (std::size_t i = 0; i < runs.size(); ++i) {
      RawPoint point{.latency_us = std::llround(runs[i].number(0, longest_s) * us_per_s), .endpoint = name};
      point.ended_us = now_us += point.latency_us;
      const bool succeeded = !codes || (exits[i].json().is_number() && exits[i].json() == 0);
      if (!succeeded) point.failure = measure::Failure::status;
      points.add(point);
    }
  }
  Measurement measurement;
  describe_origin(measurement, {"hyperfine", "JSON", "one run of the command", "s"});
  points.finish(measurement);
  return measurement;
}

}  // namespace burstgate::importers

#include "importers/importers.hpp"

#include "importers/endpoint_baselines.hpp"
#include "importers/flat_summary.hpp"

namespace burstgate::importers {

const std::vector<Format>& formats() {
  static const std::vector<Format> table = {
      {"flat summary", is_flat_summary, read_flat_summary},
      {"endpoint baselines", is_endpoint_baselines, read_endpoint_baselines},
  };
  return table;
}

std::optional<measure::Measurement> read_foreign(const Json& json, const std::string& path) {
  for (const Format& format : formats()) {
    if (format.recognise(json)) return format.read(json, path);
  }
  return std::nullopt;
}

}  // namespace burstgate::importers

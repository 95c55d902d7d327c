#include "cli/tool_limits.hpp"

#include "cli/import_limits.hpp"

namespace burstgate::cli {

std::vector<std::string> fit_limits_to_tool(config::Settings& settings,
                                            const std::vector<measure::Measurement>& recorded,
                                            const measure::Measurement& measured) {
  const bool built_in = settings.thresholds.source == config::default_thresholds().source;
  if (!settings.plan.exec || !built_in || !is_imported(measured)) return {};
  FittedLimits fitted = fitted_limits(settings.thresholds, recorded, measured);
  settings.thresholds = std::move(fitted.thresholds);
  return std::move(fitted.notes);
}

}  // namespace burstgate::cli

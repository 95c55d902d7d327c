#include "cli/saved.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "baseline/baseline.hpp"
#include "importers/importers.hpp"
#include "importers/values.hpp"

namespace burstgate::cli {

std::vector<measure::Measurement> read_saved(const std::string& path, std::optional<double> value_unit_us) {
  importers::Source source = importers::Source::open(path);
  if (value_unit_us) source.set_value_unit_us(*value_unit_us);
  if (const auto foreign = importers::read_foreign(source)) return {*foreign};
  const importers::Json* json = source.json();
  if (json != nullptr && json->is_object() && json->contains("schema")) return baseline::read_baseline(*json, path);
  throw Error(Trouble::usage, {.code = "E-006",
                               .where = path,
                               .what = "not a burstgate result, and no other format that is known",
                               .hint = "burstgate import --help lists the tools whose results are read"});
}

std::optional<double> value_unit_us(const std::optional<std::string>& word) {
  constexpr std::pair<std::string_view, double> units[] = {
      {"ns", importers::us_per_ns}, {"us", 1}, {"ms", importers::us_per_ms}, {"s", importers::us_per_s}};
  if (!word) return std::nullopt;
  for (const auto& [name, us] : units) {
    if (*word == name) return us;
  }
  throw Error(Trouble::usage, {.code = "E-001",
                               .where = "--value-unit",
                               .what = fmt::format("unknown value '{}'", *word),
                               .hint = "expected one of: ns, us, ms, s"});
}

}  // namespace burstgate::cli

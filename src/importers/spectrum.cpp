#include "importers/spectrum.hpp"

#include <cmath>

#include "importers/values.hpp"

namespace burstgate::importers {

namespace {

struct Row {
  double value, ratio;
};

std::optional<Row> row_of(std::string_view line) {
  std::optional<double> numbers[2];
  for (auto& number : numbers) {
    line = trimmed(line);
    const auto end = line.find_first_of(" \t");
    if (end == line.npos) return std::nullopt;
    number = number_in(line.substr(0, end));
    line = line.substr(end);
  }
  if (!numbers[0] || !numbers[1] || *numbers[1] > 1) return std::nullopt;
  return Row{*numbers[0], *numbers[1]};
}

}  // namespace

void put_spectrum(const TextReport& report, double us_per_unit, std::map<Metric, double>& point) {
  constexpr double printed = 5e-7;  // six decimals
  for (const auto& line : report.lines()) {
    const auto row = row_of(line.rest());
    if (!row) continue;
    for (const Metric metric : all_metrics) {
      if (basis(metric) != MetricBasis::answers) continue;
      const auto rank = quantile(metric);
      if (rank && std::fabs(row->ratio - *rank) < printed) point.try_emplace(metric, row->value * us_per_unit);
    }
  }
}

}  // namespace burstgate::importers

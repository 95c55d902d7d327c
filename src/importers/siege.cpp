// Seconds with two decimals, and no quantile. "Transactions" are the answered requests without the failed ones.
#include "importers/siege.hpp"

#include <fmt/format.h>

#include "base/json_node.hpp"
#include "importers/origin.hpp"
#include "importers/text_report.hpp"
#include "importers/values.hpp"

namespace burstgate::importers {

namespace {

using measure::Measurement;

struct Figures {
  double transactions, failed, elapsed_s, mean_s, longest_s;
};

Measurement measured(const Source& source, std::string_view form, const Figures& figures) {
  Measurement measurement;
  describe_origin(measurement, {"siege", form, "the whole request", "s", "10 ms"});
  std::map<Metric, double>& point = measurement.total.point.emplace();
  measurement.duration_s = figures.elapsed_s;
  put_rates(point, figures.transactions, figures.failed, figures.elapsed_s);
  if (figures.transactions > 0) {
    point[Metric::latency_mean] = figures.mean_s * us_per_s;
    point[Metric::latency_max] = figures.longest_s * us_per_s;
  }
  measurement.notes.push_back(fmt::format("{:.0f} requests", figures.transactions + figures.failed));
  measurement.notes.emplace_back("siege prints hundredths of a second: 0.00 is anything below 5 ms");
  finish_summary(measurement, source);
  return measurement;
}

}  // namespace

bool is_siege_json(Source& source) {
  const Json* json = source.json();
  return json != nullptr && json->is_object() && json->contains("transactions") && json->contains("availability") &&
         json->contains("longest_transaction");
}

Measurement read_siege_json(Source& source) {
  const JsonNode root(*source.json(), source.path(), "$");
  const auto number = [&](std::string_view key) {
    const JsonNode node = root.at(key);
    return node.number();
  };
  return measured(source, "JSON",
                  {number("transactions"), number("failed_transactions"), number("elapsed_time"),
                   number("response_time"), number("longest_transaction")});
}

bool is_siege_text(Source& source) {
  return source.has_line("Transactions:") && source.has_line("Availability:") && source.has_line("Elapsed time:");
}

Measurement read_siege_text(Source& source) {
  const TextReport report(source);
  const auto number = [&](std::string_view prefix) { return report.need(prefix).number(); };
  return measured(source, "text",
                  {number("Transactions:"), number("Failed transactions:"), number("Elapsed time:"),
                   number("Response time:"), number("Longest transaction:")});
}

}  // namespace burstgate::importers

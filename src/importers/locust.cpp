// Which percentiles there are is configurable (PERCENTILES_TO_REPORT): columns are found by name. The file is rewritten
// in place while Locust runs, so one without its last row is a file that was read too early.
#include "importers/locust.hpp"

#include <fmt/format.h>

#include <cctype>

#include "base/text.hpp"
#include "importers/csv.hpp"
#include "importers/origin.hpp"
#include "importers/values.hpp"

namespace burstgate::importers {

namespace {

using measure::Measurement;
using Point = std::map<Metric, double>;

constexpr std::string_view last_row = "Aggregated";

struct Column {
  std::string_view name;
  Metric metric;
};
constexpr Column time_columns[] = {
    {"50%", Metric::latency_p50},
    {"90%", Metric::latency_p90},
    {"95%", Metric::latency_p95},
    {"99%", Metric::latency_p99},
    {"99.9%", Metric::latency_p999},
    {"Average Response Time", Metric::latency_mean},
    {"Max Response Time", Metric::latency_max},
};

class Rows {
 public:
  Rows(const Source& source, CsvReader& csv, const CsvHeader& header)
      : source_(source),
        csv_(csv),
        header_(header),
        requests_(header.need(source, "Request Count")),
        failures_(header.need(source, "Failure Count")) {}

  std::uint64_t requests() const { return need_count(source_, csv_[requests_], "Request Count"); }

  // "N/A" stands where there was no request.
  Point point() const {
    Point point;
    const std::uint64_t all = requests(), failed = need_count(source_, csv_[failures_], "Failure Count");
    if (failed > all) source_.fail(inconsistent, fmt::format("{} failures of {} requests", failed, all));
    if (all == 0) return point;
    for (const auto& [name, metric] : time_columns) {
      const auto column = header_.find(name);
      if (!column || csv_[*column] == "N/A" || csv_[*column].empty()) continue;
      point[metric] = need_number(source_, csv_[*column], name) * us_per_ms;
    }
    point[Metric::error_rate] = static_cast<double>(failed) / static_cast<double>(all);
    if (const auto column = header_.find("Requests/s")) {
      point[Metric::throughput] = need_number(source_, csv_[*column], "Requests/s") * (1 - point[Metric::error_rate]);
    }
    return point;
  }

 private:
  const Source& source_;
  CsvReader& csv_;
  const CsvHeader& header_;
  std::size_t requests_, failures_;
};

}  // namespace

bool is_locust_stats(Source& source) {
  return source.first_line().starts_with("Type,Name,Request Count,Failure Count,");
}

Measurement read_locust_stats(Source& source) {
  CsvReader csv(source);
  const CsvHeader header = CsvHeader::read(csv, source);
  const Rows rows(source, csv, header);
  Measurement measurement;
  describe_origin(measurement,
                  {"Locust", "_stats.csv", "the whole request with its body, failed ones too", "ms", "1 ms"});
  while (csv.next_of(header.size())) {
    if (measurement.total.point)
      source.fail(several_runs, fmt::format("a row behind '{}'", last_row), "two files in one?");
    if (csv[0].empty() && csv[1] == last_row) {
      measurement.total.point = rows.point();
      measurement.notes.push_back(fmt::format("{} requests", rows.requests()));
      continue;
    }
    constexpr std::size_t most_names = 200;
    if (measurement.endpoints.size() == most_names) {
      source.fail(too_many_names, fmt::format("more than {} different names", most_names),
                  "give requests of one kind the same name= in Locust");
    }
    measure::EndpointResult& endpoint = measurement.endpoints.emplace_back();
    endpoint.name = csv[0].empty() ? std::string(csv[1]) : fmt::format("{} {}", csv[0], csv[1]);
    endpoint.point = rows.point();
  }
  if (!measurement.total.point) {
    source.fail(cut_off, fmt::format("the last row, '{}', is missing", last_row),
                "copy the file after Locust has ended");
  }
  measurement.notes.emplace_back("Locust rounds quantiles: to 1 ms below 100 ms, to 10 ms below 1 s, to 100 ms above");
  finish_summary(measurement, source);
  return measurement;
}

}  // namespace burstgate::importers

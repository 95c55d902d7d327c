// hey prints tenths of a millisecond. Requests that got no answer have no latency and no row in the CSV, but count in
// "Requests/sec": rates are made from the status codes and the errors instead.
#include "importers/hey.hpp"

#include <fmt/format.h>

#include "importers/csv.hpp"
#include "importers/origin.hpp"
#include "importers/raw_points.hpp"
#include "importers/text_report.hpp"
#include "importers/values.hpp"

namespace burstgate::importers {

namespace {

using measure::Measurement;
using Point = std::map<Metric, double>;

constexpr std::string_view tool = "hey";
constexpr std::string_view latency = "the whole request with dialling, without requests that got no answer";
constexpr int first_error_status = 400;

struct Rank {
  std::string_view percent;
  Metric metric;
};
constexpr Rank ranks[] = {{"50%", Metric::latency_p50},
                          {"90%", Metric::latency_p90},
                          {"95%", Metric::latency_p95},
                          {"99%", Metric::latency_p99}};

// "95% in 0.0014 secs"; some versions print "95%% in".
void put_quantiles(const TextReport& report, Point& point) {
  for (const auto& [percent, metric] : ranks) {
    for (const std::string_view sign : {"", "%"}) {
      if (const auto row = report.find(fmt::format("{}{} in", percent, sign))) point[metric] = row->number() * us_per_s;
    }
  }
}

struct Outcome {
  double ok = 0, failed = 0;
};

// "  [200]	2000 responses" and, below "Error distribution:", "  [12]	Get ...: connection refused".
Outcome count_outcomes(const TextReport& report) {
  Outcome outcome;
  bool errors = false;
  for (const auto& line : report.lines()) {
    errors = errors || line.rest().starts_with("Error distribution:");
    if (!line.rest().starts_with('[')) continue;
    const auto close = line.rest().find(']');
    if (close == line.rest().npos) continue;
    const std::uint64_t number = need_count(report.source(), line.rest().substr(1, close - 1), "figure", line.line());
    if (errors) {
      outcome.failed += static_cast<double>(number);
    } else if (line.rest().ends_with(" responses")) {
      const auto count = static_cast<double>(line.count(1));
      (number < first_error_status ? outcome.ok : outcome.failed) += count;
    }
  }
  return outcome;
}

}  // namespace

bool is_hey_text(Source& source) {
  return source.has_line("Summary:") && source.has_line("Slowest:") && source.has_line("Requests/sec:");
}

Measurement read_hey_text(Source& source) {
  const TextReport report(source);
  Measurement measurement;
  describe_origin(measurement, {tool, "text", latency, "s", "0.1 ms"});
  measurement.total.point.emplace();
  Point& point = *measurement.total.point;
  measurement.duration_s = report.need("Total:").number();
  const Outcome outcome = count_outcomes(report);
  if (outcome.ok + outcome.failed <= 0) {
    source.fail_whole(cut_off, "there is neither a status code nor an error", "did hey end as it should?");
  }
  put_rates(point, outcome.ok, outcome.failed, measurement.duration_s);
  const auto slowest = report.need("Slowest:"), average = report.need("Average:");
  put_quantiles(report, point);
  if (point.contains(Metric::latency_p50)) {
    point[Metric::latency_mean] = average.number() * us_per_s;
    point[Metric::latency_max] = slowest.number() * us_per_s;
  }
  measurement.notes.push_back(fmt::format("{:.0f} requests", outcome.ok + outcome.failed));
  measurement.notes.emplace_back("hey prints tenths of a millisecond");
  finish_summary(measurement, source);
  return measurement;
}

bool is_hey_csv(Source& source) {
  return source.first_line().starts_with("response-time,DNS+dialup,DNS,Request-write,");
}

Measurement read_hey_csv(Source& source) {
  CsvReader csv(source);
  const CsvHeader header = CsvHeader::read(csv, source);
  const std::size_t time = header.need(source, "response-time"), status = header.need(source, "status-code"),
                    offset = header.need(source, "offset");
  constexpr std::uint64_t most_rows = 1'000'000;  // hey writes no more
  RawPoints points(source, "");
  while (csv.next_of(header.size())) {
    RawPoint point{.latency_us = need_time_us(source, csv[time], "response-time", us_per_s), .endpoint = "all"};
    point.ended_us = need_time_us(source, csv[offset], "offset", us_per_s) + point.latency_us;
    need_count(source, csv[status], "status-code");
    point.status = status_in(csv[status]);
    if (point.status >= first_error_status) point.failure = measure::Failure::status;
    points.add(point);
  }
  Measurement measurement;
  describe_origin(measurement, {tool, "CSV", latency, "s", "0.1 ms"});
  if (points.count() == most_rows)
    measurement.notes.emplace_back("hey writes at most 1,000,000 rows: the rest is lost");
  points.finish(measurement);
  measurement.notes.emplace_back("requests that got no answer are not in the file");
  return measurement;
}

}  // namespace burstgate::importers

// Units stand with each number and differ from column to column; wrk switches to the next one at 0.85 of it.
#include "importers/wrk.hpp"

#include <fmt/format.h>

#include "importers/origin.hpp"
#include "importers/spectrum.hpp"
#include "importers/text_report.hpp"
#include "importers/values.hpp"

namespace burstgate::importers {

namespace {

using measure::Measurement;
using Point = std::map<Metric, double>;

struct Rank {
  std::string_view prefix;
  Metric metric;
};
constexpr Rank wrk_ranks[] = {{"50%", Metric::latency_p50}, {"90%", Metric::latency_p90}, {"99%", Metric::latency_p99}};
constexpr Rank wrk2_ranks[] = {{"50.000%", Metric::latency_p50},
                               {"90.000%", Metric::latency_p90},
                               {"99.000%", Metric::latency_p99},
                               {"99.900%", Metric::latency_p999}};

template <typename Ranks>
void put_distribution(const TextReport& report, const Ranks& ranks, Point& point) {
  for (const auto& [prefix, metric] : ranks) {
    const auto rows = report.find_all(prefix);
    if (!rows.empty()) point.try_emplace(metric, rows.front().time_us());
  }
}

// "Latency   548.88us  618.61us   5.83ms   91.05%": mean, deviation, maximum. "-nan" where nothing was answered.
void put_mean_and_max(const TextReport& report, Point& point) {
  for (const auto& row : report.find_all("Latency")) {
    if (row.rest().starts_with("Distribution")) continue;
    if (row.word(0).find("nan") != std::string_view::npos) return;
    point.try_emplace(Metric::latency_mean, row.time_us(0));
    point.try_emplace(Metric::latency_max, row.time_us(2));
    return;
  }
  report.source().fail_whole(cut_off, "there is no line 'Latency'", "did the tool end as it should?");
}

// "  Socket errors: connect 0, read 0, write 0, timeout 12"
double socket_errors(const TextReport& report) {
  const auto row = report.find("Socket errors:");
  if (!row) return 0;
  constexpr std::size_t connect = 1, read = 3, write = 5, timeout = 7;
  return static_cast<double>(row->count(connect) + row->count(read) + row->count(write) + row->count(timeout));
}

// "  334014 requests in 3.10s, 47.46MB read"
TextReport::Entry requests_line(const TextReport& report) {
  for (const auto& line : report.lines()) {
    if (line.rest().find(" requests in ") != std::string_view::npos) return line;
  }
  report.source().fail_whole(cut_off, "there is no line '... requests in ...'", "did the tool end as it should?");
}

void put_requests(const TextReport& report, Measurement& measurement) {
  const TextReport::Entry line = requests_line(report);
  report.need("Requests/sec:");  // the end, and only one run
  const auto requests = static_cast<double>(line.count(0));
  measurement.duration_s = line.time_us(3) / us_per_s;
  const auto refused = report.find("Non-2xx or 3xx responses:");
  const double other_statuses = refused ? static_cast<double>(refused->count()) : 0;
  const double lost = socket_errors(report);
  if (other_statuses > requests)
    report.source().fail(inconsistent, "more such responses than requests", {}, refused->line());
  put_rates(*measurement.total.point, requests - other_statuses, other_statuses + lost, measurement.duration_s);
  measurement.notes.push_back(fmt::format("{:.0f} requests", requests));
}

Measurement read(Source& source, const Origin& origin, bool is_second) {
  const TextReport report(source);
  Measurement measurement;
  describe_origin(measurement, origin);
  measurement.total.point.emplace();
  Point& point = *measurement.total.point;
  // From the finer to the coarser. With --u_latency a second, uncorrected distribution follows: the first one counts.
  if (is_second) {
    put_spectrum(report, us_per_ms, point);
    put_distribution(report, wrk2_ranks, point);
  } else {
    put_distribution(report, wrk_ranks, point);
  }
  put_mean_and_max(report, point);
  put_requests(report, measurement);
  finish_summary(measurement, source);
  return measurement;
}

bool is_either(Source& source) {
  return source.has_line("Running ") && source.has_line("Thread Stats");
}

}  // namespace

bool is_wrk2(Source& source) {
  return is_either(source) && (source.has_line("Thread calibration:") ||
                               source.head().find("HdrHistogram - Recorded Latency") != std::string_view::npos);
}

Measurement read_wrk2(Source& source) {
  return read(source, {"wrk2", "text", "from the intended send time to the last byte", "us, ms, s or m"}, true);
}

bool is_wrk(Source& source) {
  return is_either(source) && !is_wrk2(source);
}

Measurement read_wrk(Source& source) {
  return read(source,
              {"wrk", "text", "from writing to the last byte, without requests that timed out", "us, ms, s or m"},
              false);
}

}  // namespace burstgate::importers

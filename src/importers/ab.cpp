// The text has whole milliseconds, -e three decimals, -g whole milliseconds of each request. "Failed requests" counts
// answers whose length changed, too; they were answered, but ab calls them failed and so does this.
#include "importers/ab.hpp"

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

constexpr std::string_view tool = "ab";
constexpr std::string_view latency = "connecting and processing";
constexpr std::string_view whole_ms_note = "ab prints whole milliseconds here: 0 ms is anything below one";

struct Rank {
  std::uint64_t percent;
  Metric metric;
};
constexpr Rank ranks[] = {{50, Metric::latency_p50},
                          {90, Metric::latency_p90},
                          {95, Metric::latency_p95},
                          {99, Metric::latency_p99},
                          {100, Metric::latency_max}};

void put_rank(std::uint64_t percent, double ms, Point& point) {
  for (const auto& [rank, metric] : ranks) {
    if (rank == percent) point[metric] = ms * us_per_ms;
  }
}

// "Total:          0    0   0.2      0      22": the mean is the second number.
void put_times(const TextReport& report, Point& point) {
  if (const auto total = report.find("Total:")) point[Metric::latency_mean] = total->number(1) * us_per_ms;
  for (const auto& [percent, metric] : ranks) {
    if (const auto row = report.find(fmt::format("{}%", percent))) point[metric] = row->number() * us_per_ms;
  }
}

}  // namespace

bool is_ab_text(Source& source) {
  return source.first_line().starts_with("This is ApacheBench");
}

Measurement read_ab_text(Source& source) {
  const TextReport report(source);
  Measurement measurement;
  describe_origin(measurement, {tool, "text", latency, "whole ms", "1 ms"});
  measurement.total.point.emplace();
  Point& point = *measurement.total.point;
  const auto complete = static_cast<double>(report.need("Complete requests:").count());
  measurement.duration_s = report.need("Time taken for tests:").number();
  double failed = static_cast<double>(report.need("Failed requests:").count());
  const auto other_statuses = report.find("Non-2xx responses:");
  // An answer may be counted in both: of another status and of another length.
  if (other_statuses) failed = std::max(failed, static_cast<double>(other_statuses->count()));
  if (failed > complete) report.source().fail_whole(inconsistent, "more requests failed than were complete");
  put_rates(point, complete - failed, failed, measurement.duration_s);
  put_times(report, point);
  if (failed > 0) measurement.notes.emplace_back("ab's failed requests include answers whose length changed");
  measurement.notes.emplace_back(whole_ms_note);
  finish_summary(measurement, source);
  return measurement;
}

bool is_ab_percentiles(Source& source) {
  return source.first_line() == "Percentage served,Time in ms";
}

// One row per percent, up to 99 or up to 100 as the version has it.
Measurement read_ab_percentiles(Source& source) {
  CsvReader csv(source);
  const CsvHeader header = CsvHeader::read(csv, source);
  Measurement measurement;
  describe_origin(measurement, {tool, "-e CSV", latency, "ms"});
  measurement.total.point.emplace();
  std::uint64_t last = 0;
  while (csv.next_of(header.size())) {
    last = need_count(source, csv[0], "Percentage served");
    put_rank(last, need_number(source, csv[1], "Time in ms"), *measurement.total.point);
  }
  constexpr std::uint64_t last_percent = 99;
  if (last < last_percent) source.fail(cut_off, "the percentages end before 99");
  finish_summary(measurement, source);
  return measurement;
}

bool is_ab_requests(Source& source) {
  return source.first_line() == "starttime\tseconds\tctime\tdtime\tttime\twait";
}

// The file has answered requests only, sorted by their times.
Measurement read_ab_requests(Source& source) {
  CsvReader csv(source, '\t');
  const CsvHeader header = CsvHeader::read(csv, source);
  const std::size_t seconds = header.need(source, "seconds"), total = header.need(source, "ttime");
  RawPoints points(source, "");
  points.set_whole_seconds();
  while (csv.next_of(header.size())) {
    const auto started = static_cast<std::int64_t>(need_count(source, csv[seconds], "seconds")) * 1'000'000;
    const std::int64_t latency_us = need_time_us(source, csv[total], "ttime", us_per_ms);
    const std::int64_t ended_us = (started + latency_us) / 1'000'000 * 1'000'000;
    points.add({.ended_us = ended_us, .latency_us = latency_us, .endpoint = "all"});
  }
  Measurement measurement;
  describe_origin(measurement, {tool, "-g TSV", latency, "whole ms", "1 ms"});
  points.finish(measurement);
  measurement.notes.emplace_back(whole_ms_note);
  measurement.notes.emplace_back("failed requests are not in the file");
  return measurement;
}

}  // namespace burstgate::importers

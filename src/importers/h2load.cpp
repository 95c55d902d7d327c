// Versions before 1.69 print no quantile at all: minimum, maximum, mean and deviation only; later ones a table with
// median, p95 and p99 under other headings. The log has every request.
#include "importers/h2load.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "importers/csv.hpp"
#include "importers/origin.hpp"
#include "importers/raw_points.hpp"
#include "importers/text_report.hpp"
#include "importers/values.hpp"

namespace burstgate::importers {

namespace {

using measure::Failure;
using measure::Measurement;
using Point = std::map<Metric, double>;

constexpr std::string_view tool = "h2load";
constexpr std::string_view latency = "from the request to the last byte, without connecting";

// "requests: 20000 total, 20000 started, 20000 done, 20000 succeeded, 0 failed, 0 errored, 0 timeout". Failed ones
// include errored ones, and requests that were started and never done have failed as well unless a time limit ended the
// run.
void put_requests(const TextReport& report, Measurement& measurement) {
  constexpr std::size_t total = 0, succeeded = 6, failed = 8;
  const auto row = report.need("requests:");
  const auto finished = report.need("finished in");
  measurement.duration_s = finished.time_us() / us_per_s;
  put_rates(*measurement.total.point, static_cast<double>(row.count(succeeded)), static_cast<double>(row.count(failed)),
            measurement.duration_s);
  measurement.notes.push_back(fmt::format("{} requests", row.count(total)));
}

struct Heading {
  std::string_view word;
  Metric metric;
};
constexpr Heading headings[] = {{"max", Metric::latency_max},
                                {"mean", Metric::latency_mean},
                                {"median", Metric::latency_p50},
                                {"p95", Metric::latency_p95},
                                {"p99", Metric::latency_p99}};

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  while (!(text = trimmed(text)).empty()) {
    const auto end = text.find_first_of(" \t");
    words.push_back(text.substr(0, end));
    text = end == text.npos ? std::string_view{} : text.substr(end);
  }
  return words;
}

// The heading's words name the columns: "min max mean sd +/- sd", or with "median p95 p99" between. A row's own name
// may hold blanks, the heading's words do not but for "+/- sd" at the end.
void put_times(const TextReport& report, Point& point) {
  const auto old_row = report.find("time for request:"), new_row = report.find("request     :");
  const auto row = old_row ? old_row : new_row;
  if (!row) report.source().fail_whole(cut_off, "there is no row of request times");
  std::vector<std::string_view> names;
  for (const auto& line : report.lines()) {
    if (line.line() < row->line() && line.rest().starts_with("min ")) names = words_of(line.rest());
  }
  for (const auto& [word, metric] : headings) {
    const auto found = std::find(names.begin(), names.end(), word);
    if (found != names.end()) point[metric] = row->time_us(static_cast<std::size_t>(found - names.begin()));
  }
}

bool is_digits(std::string_view text, std::size_t least) {
  return text.size() >= least && text.find_first_not_of("0123456789") == text.npos;
}

}  // namespace

bool is_h2load_text(Source& source) {
  return source.has_line("finished in ") && source.has_line("requests: ") && source.has_line("status codes: ");
}

Measurement read_h2load_text(Source& source) {
  const TextReport report(source);
  Measurement measurement;
  describe_origin(measurement, {tool, "text", latency, "us, ms or s"});
  measurement.total.point.emplace();
  put_requests(report, measurement);
  if (measurement.total.point->contains(Metric::throughput) && (*measurement.total.point)[Metric::throughput] > 0) {
    put_times(report, *measurement.total.point);
  }
  finish_summary(measurement, source);
  return measurement;
}

// "1795266941022354	200	150": start in microseconds, status or -1, microseconds; no heading.
bool is_h2load_log(Source& source) {
  constexpr std::size_t epoch_digits = 16;
  const std::string_view line = source.first_line();
  const auto first = line.find('\t'), second = line.find('\t', first == line.npos ? first : first + 1);
  if (second == line.npos || line.find('\t', second + 1) != line.npos) return false;
  const std::string_view status = line.substr(first + 1, second - first - 1);
  return is_digits(line.substr(0, first), epoch_digits) && (status == "-1" || is_digits(status, 1)) &&
         is_digits(line.substr(second + 1), 1);
}

Measurement read_h2load_log(Source& source) {
  constexpr std::size_t columns = 3;
  constexpr int first_error_status = 400;
  CsvReader csv(source, '\t');
  RawPoints points(source, "");
  while (csv.next_of(columns)) {
    RawPoint point{.latency_us = need_time_us(source, csv[2], "microseconds", 1), .endpoint = "all"};
    point.ended_us = static_cast<std::int64_t>(need_count(source, csv[0], "start")) + point.latency_us;
    const bool answered = csv[1] != "-1";
    if (answered) need_count(source, csv[1], "status");
    point.status = status_in(csv[1]);
    if (!answered) point.failure = Failure::closed;
    if (point.status >= first_error_status) point.failure = Failure::status;
    points.add(point);
  }
  Measurement measurement;
  describe_origin(measurement, {tool, "log file", latency, "us"});
  points.finish(measurement);
  return measurement;
}

}  // namespace burstgate::importers

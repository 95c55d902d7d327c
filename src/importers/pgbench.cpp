// The text has a mean and no quantile; the line of tps changed its words in version 14. With a rate (-R) pgbench counts
// from the scheduled start. The log has every transaction: client, number, microseconds or a word, script, end in
// seconds and microseconds, and with a rate the lag of its start.
#include "importers/pgbench.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
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

constexpr std::string_view tool = "pgbench";
constexpr std::string_view from_start = "a transaction from its start";
constexpr std::string_view from_schedule = "a transaction from its scheduled start";

double rate_of(const TextReport& report) {
  for (const auto& row : report.find_all("tps =")) {
    const bool including = row.rest().find("(including") != std::string_view::npos;
    if (!including) return row.number();
  }
  report.source().fail_whole(cut_off, "there is no line 'tps ='", "did pgbench end as it should?");
}

bool is_number(std::string_view text) {
  return count_in(text).has_value();
}

}  // namespace

bool is_pgbench_text(Source& source) {
  return source.has_line("transaction type:") || (source.has_line("latency average =") && source.has_line("tps ="));
}

Measurement read_pgbench_text(Source& source) {
  const TextReport report(source);
  const auto lag = report.find("rate limit schedule lag:");
  Measurement measurement;
  describe_origin(measurement, {tool, "text", lag ? from_schedule : from_start, "ms"});
  Point& point = measurement.total.point.emplace();
  point[Metric::throughput] = rate_of(report);
  point[Metric::latency_mean] = report.need("latency average =").number() * us_per_ms;
  const auto done = static_cast<double>(report.need("number of transactions actually processed:").count());
  // Old versions end at the first failure and do not count them.
  if (const auto failed = report.find("number of failed transactions:")) {
    put_rates(point, done, static_cast<double>(failed->count()), 0);
  }
  if (point[Metric::throughput] > 0) measurement.duration_s = done / point[Metric::throughput];
  measurement.notes.push_back(fmt::format("{:.0f} transactions", done));
  finish_summary(measurement, source);
  return measurement;
}

bool is_pgbench_log(Source& source) {
  constexpr std::size_t fewest = 6, most = 8, epoch_digits = 10;
  std::vector<std::string_view> words;
  for (std::string_view rest = source.first_line(); !rest.empty();) {
    const auto end = rest.find(' ');
    words.push_back(rest.substr(0, end));
    rest = end == rest.npos ? std::string_view{} : rest.substr(end + 1);
  }
  if (words.size() < fewest || words.size() > most) return false;
  const bool time = is_number(words[2]) || words[2] == "skipped" || words[2] == "failed";
  return is_number(words[0]) && is_number(words[1]) && time && is_number(words[3]) && is_number(words[5]) &&
         words[4].size() == epoch_digits && is_number(words[4]);
}

Measurement read_pgbench_log(Source& source) {
  constexpr std::size_t time = 2, script = 3, seconds = 4, microseconds = 5, with_lag = 7, fewest = 6;
  CsvReader csv(source, ' ');
  RawPoints points(source, "");
  std::uint64_t skipped = 0;
  bool scheduled = false;
  std::string name;
  while (csv.next()) {
    if (csv.size() < fewest) source.fail(cut_off, "the line ends early", "is the file cut off here?");
    scheduled = scheduled || csv.size() >= with_lag;
    if (csv[time] == "skipped") {
      ++skipped;
      continue;
    }
    name = fmt::format("script {}", need_count(source, csv[script], "script"));
    RawPoint point{.endpoint = name};
    const std::uint64_t ended_s = need_count(source, csv[seconds], "seconds");
    constexpr std::uint64_t latest_s = 4'000'000'000;
    if (ended_s > latest_s) source.fail(malformed, "seconds: not a time since 1970");
    point.ended_us = static_cast<std::int64_t>(ended_s) * 1'000'000 +
                     static_cast<std::int64_t>(need_count(source, csv[microseconds], "microseconds"));
    const bool failed = !is_number(csv[time]);
    if (failed && csv[time] != "failed" && csv[time] != "serialization" && csv[time] != "deadlock") {
      source.fail(malformed, fmt::format("time: expected microseconds, got \"{}\"", elided(csv[time], 60)));
    }
    if (failed) point.failure = Failure::check;
    if (!failed) point.latency_us = need_time_us(source, csv[time], "time", 1);
    points.add(point);
  }
  Measurement measurement;
  describe_origin(measurement, {tool, "transaction log", scheduled ? from_schedule : from_start, "us"});
  points.finish(measurement);
  if (skipped > 0)
    measurement.notes.push_back(fmt::format("{} transactions were skipped: they were too late", skipped));
  return measurement;
}

}  // namespace burstgate::importers

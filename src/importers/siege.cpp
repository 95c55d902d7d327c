// Seconds with two decimals, and no quantile. "Transactions" are the answered requests without the failed ones. The
// JSON may have siege's messages before it, so both forms are read line by line.
#include "importers/siege.hpp"

#include <fmt/format.h>

#include "importers/origin.hpp"
#include "importers/text_report.hpp"
#include "importers/values.hpp"

namespace burstgate::importers {

namespace {

using measure::Measurement;

// How the lines begin in the two forms.
struct Words {
  std::string_view form, transactions, failed, elapsed, mean, longest;
};
constexpr Words json_words = {"JSON",
                              "\"transactions\":",
                              "\"failed_transactions\":",
                              "\"elapsed_time\":",
                              "\"response_time\":",
                              "\"longest_transaction\":"};
constexpr Words text_words = {
    "text", "Transactions:", "Failed transactions:", "Elapsed time:", "Response time:", "Longest transaction:"};

// siege's JSON begins with the brace and the first member in one line.
bool has_json(Source& source) {
  return source.head().find(json_words.transactions) != std::string_view::npos && source.has_line(json_words.longest);
}

}  // namespace

bool is_siege(Source& source) {
  return has_json(source) || (source.has_line(text_words.transactions) && source.has_line("Availability:"));
}

Measurement read_siege(Source& source) {
  const Words& words = has_json(source) ? json_words : text_words;
  const TextReport report(source);
  Measurement measurement;
  describe_origin(measurement, {"siege", words.form, "the whole request", "s", "10 ms"});
  std::map<Metric, double>& point = measurement.total.point.emplace();
  const auto first = report.find(fmt::format("{{\t{}", words.transactions));
  const double ok = first ? first->number() : report.need(words.transactions).number();
  const double failed = report.need(words.failed).number();
  measurement.duration_s = report.need(words.elapsed).number();
  put_rates(point, ok, failed, measurement.duration_s);
  if (ok > 0) {
    point[Metric::latency_mean] = report.need(words.mean).number() * us_per_s;
    point[Metric::latency_max] = report.need(words.longest).number() * us_per_s;
  }
  measurement.notes.push_back(fmt::format("{:.0f} requests", ok + failed));
  measurement.notes.emplace_back("siege prints hundredths of a second: 0.00 is anything below 5 ms");
  finish_summary(measurement, source);
  return measurement;
}

}  // namespace burstgate::importers

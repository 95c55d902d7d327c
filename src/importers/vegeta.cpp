// Times are whole nanoseconds. Code 0 is a request without an answer, whose latency vegeta counts like any other; the
// single results tell both apart.
#include "importers/vegeta.hpp"

#include <fmt/format.h>

#include "base/json_node.hpp"
#include "base/text.hpp"
#include "importers/csv.hpp"
#include "importers/json_scan.hpp"
#include "importers/origin.hpp"
#include "importers/raw_points.hpp"
#include "importers/spectrum.hpp"
#include "importers/values.hpp"

namespace burstgate::importers {

namespace {

using measure::Failure;
using measure::Measurement;

constexpr std::string_view tool = "vegeta";
constexpr std::string_view latency = "from sending to the last byte, with connecting where a connection was made";
constexpr std::string_view label_hint = "let the targets have fewer different URLs";
constexpr int first_error_status = 400;

struct Cause {
  std::string_view words;
  Failure failure;
};
constexpr Cause causes[] = {
    {"connection refused", Failure::refused},    {"connection reset", Failure::reset},
    {"Client.Timeout", Failure::timeout},        {"deadline exceeded", Failure::timeout},
    {"i/o timeout", Failure::connect_timeout},   {"no such host", Failure::connect},
    {"too many open files", Failure::generator}, {"cannot assign requested address", Failure::generator},
    {"unexpected EOF", Failure::truncated},      {"EOF", Failure::closed}};

std::optional<Failure> failure_of(int code, std::string_view error) {
  if (code >= first_error_status) return Failure::status;
  if (code > 0) return std::nullopt;
  for (const auto& [words, failure] : causes) {
    if (error.find(words) != error.npos) return failure;
  }
  return Failure::protocol;
}

// "GET http://127.0.0.1/small", without the query.
void put_name(std::string_view method, std::string_view url, std::string& name) {
  name.assign(method);
  if (!name.empty()) name += ' ';
  name += url.substr(0, url.find('?'));
}

Measurement finished(RawPoints& points, std::string_view form) {
  Measurement measurement;
  describe_origin(measurement, {tool, form, latency, "ns"});
  points.finish(measurement);
  return measurement;
}

// One result as JSON; members in any order.
struct JsonResult {
  std::string_view code, timestamp, latency, bytes_in, error, method, url;

  bool read(std::string_view line) {
    *this = {};
    JsonScan scan(line);
    while (scan.next()) {
      const std::string_view key = scan.key();
      if (key == "code") code = scan.value();
      if (key == "timestamp") timestamp = scan.value();
      if (key == "latency") latency = scan.value();
      if (key == "bytes_in") bytes_in = scan.value();
      if (key == "error") error = scan.value();
      if (key == "method") method = scan.value();
      if (key == "url") url = scan.value();
    }
    return scan.complete() && timestamp.size() > 2;
  }
};

}  // namespace

bool is_vegeta_lines(Source& source) {
  const std::string_view line = source.first_line();
  return member(line, "attack") && member(line, "seq") && member(line, "latency") && member(line, "timestamp");
}

Measurement read_vegeta_lines(Source& source) {
  RawPoints points(source, label_hint);
  JsonResult result;
  std::string name, error, method, url;
  while (const auto line = source.next_line()) {
    if (line->empty()) continue;
    if (!result.read(*line)) {
      source.fail(malformed, "not a line of vegeta's JSON results",
                  "is the file cut off here, or mixed with another one?");
    }
    const auto started_us = rfc3339_us(result.timestamp.substr(1, result.timestamp.size() - 2));
    if (!started_us) source.fail(malformed, fmt::format("timestamp: not a time: {}", elided(result.timestamp, 60)));
    RawPoint point{.latency_us = need_time_us(source, result.latency, "latency", us_per_ns)};
    point.ended_us = *started_us + point.latency_us;
    need_count(source, result.code, "code");
    point.status = status_in(result.code);
    point.bytes = need_count(source, result.bytes_in, "bytes_in");
    point.failure = failure_of(point.status, unquoted(result.error, error).value_or(""));
    put_name(unquoted(result.method, method).value_or(""), unquoted(result.url, url).value_or(""), name);
    point.endpoint = name;
    points.add(point);
  }
  return finished(points, "JSON results");
}

// timestamp in ns, code, latency in ns, bytes out, bytes in, error, body, attack, sequence number, method, URL,
// headers.
bool is_vegeta_csv(Source& source) {
  constexpr std::size_t epoch_digits = 19;
  constexpr std::string_view digits = "0123456789";
  const std::string_view line = source.first_line();
  return line.find_first_not_of(digits) == epoch_digits && line[epoch_digits] == ',' && line.find("://") != line.npos &&
         line.find_first_not_of(digits, epoch_digits + 1) == line.find(',', epoch_digits + 1);
}

Measurement read_vegeta_csv(Source& source) {
  constexpr std::size_t timestamp = 0, code = 1, time = 2, bytes_in = 4, error = 5, method = 9, url = 10, columns = 12;
  CsvReader csv(source);
  RawPoints points(source, label_hint);
  std::string name;
  while (csv.next_of(columns)) {
    const auto started = epoch_in(csv[timestamp]);
    if (!started) source.fail(malformed, fmt::format("timestamp: not a time: \"{}\"", elided(csv[timestamp], 60)));
    RawPoint point{.latency_us = need_time_us(source, csv[time], "latency", us_per_ns)};
    point.ended_us = started->us + point.latency_us;
    need_count(source, csv[code], "code");
    point.status = status_in(csv[code]);
    point.bytes = need_count(source, csv[bytes_in], "bytes in");
    point.failure = failure_of(point.status, csv[error]);
    put_name(csv[method], csv[url], name);
    point.endpoint = name;
    points.add(point);
  }
  return finished(points, "CSV results");
}

bool is_vegeta_report(Source& source) {
  const Json* json = source.json();
  return json != nullptr && json->is_object() && json->contains("latencies") && json->contains("bytes_in") &&
         json->contains("status_codes");
}

Measurement read_vegeta_report(Source& source) {
  const JsonNode root(*source.json(), source.path(), "$");
  Measurement measurement;
  describe_origin(measurement, {tool, "JSON report", latency, "ns"});
  const JsonNode requests = root.at("requests"), success = root.at("success"), duration = root.at("duration");
  const JsonNode times = root.at("latencies");
  std::map<Metric, double>& point = measurement.total.point.emplace();
  measurement.duration_s = duration.number() * us_per_ns / us_per_s;
  const double count = requests.number();
  const double ok = count * success.number(0, 1);  // a ratio, whatever its documentation calls it
  put_rates(point, ok, count - ok, 0);
  if (const auto throughput = root.find("throughput"); throughput && count > 0) {
    point[Metric::throughput] = throughput->number();
  }
  struct Key {
    std::string_view key;
    Metric metric;
  };
  constexpr Key keys[] = {{"mean", Metric::latency_mean}, {"50th", Metric::latency_p50}, {"90th", Metric::latency_p90},
                          {"95th", Metric::latency_p95},  {"99th", Metric::latency_p99}, {"max", Metric::latency_max}};
  for (const auto& [key, metric] : keys) {
    const auto time = times.find(key);
    if (time && count > 0) point[metric] = time->number() * us_per_ns;
  }
  measurement.notes.push_back(fmt::format("{:.0f} requests", count));
  finish_summary(measurement, source);
  return measurement;
}

bool is_vegeta_plot(Source& source) {
  return source.first_line().starts_with("Value(ms)  Percentile  TotalCount");
}

Measurement read_vegeta_plot(Source& source) {
  const TextReport report(source);
  Measurement measurement;
  describe_origin(measurement, {tool, "percentile plot", latency, "ms"});
  put_spectrum(report, us_per_ms, measurement.total.point.emplace());
  if (!measurement.total.point->contains(Metric::latency_max)) {
    source.fail_whole(cut_off, "the plot ends before percentile 1");
  }
  finish_summary(measurement, source);
  return measurement;
}

}  // namespace burstgate::importers

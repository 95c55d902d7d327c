// One test after the other, each an endpoint; there is no total of them unless there is only one. Before version 6.2
// the CSV had the rate alone, without a header. Errors are not counted: redis-benchmark ends at the first one.
#include "importers/redis_benchmark.hpp"

#include <fmt/format.h>

#include "importers/csv.hpp"
#include "importers/origin.hpp"
#include "importers/text_report.hpp"
#include "importers/values.hpp"

namespace burstgate::importers {

namespace {

using measure::Measurement;
using Point = std::map<Metric, double>;

constexpr Origin csv_origin = {"redis-benchmark", "CSV", "from the command to its whole reply", "ms"};
constexpr Origin text_origin = {"redis-benchmark", "text", "from the command to its whole reply", "ms"};

struct Column {
  std::string_view name;
  Metric metric;
  double unit;
};
constexpr Column columns[] = {{"rps", Metric::throughput, 1},
                              {"avg_latency_ms", Metric::latency_mean, us_per_ms},
                              {"p50_latency_ms", Metric::latency_p50, us_per_ms},
                              {"p95_latency_ms", Metric::latency_p95, us_per_ms},
                              {"p99_latency_ms", Metric::latency_p99, us_per_ms},
                              {"max_latency_ms", Metric::latency_max, us_per_ms}};

void finish(Measurement& measurement, const Source& source) {
  if (measurement.endpoints.size() == 1) measurement.total.point = measurement.endpoints.front().point;
  finish_summary(measurement, source);
}

Point& add_test(std::string_view name, Measurement& measurement) {
  measure::EndpointResult& endpoint = measurement.endpoints.emplace_back();
  endpoint.name = name;
  return endpoint.point.emplace();
}

// "====== SET ======", behind a progress line that ends in a carriage return or in nothing at all.
std::optional<std::string_view> test_name(std::string_view line) {
  constexpr std::string_view rule = "====== ", end_rule = " ======";
  const auto start = line.rfind(rule, line.size() > end_rule.size() ? line.size() - end_rule.size() - 1 : 0);
  if (start == line.npos || !line.ends_with(end_rule)) return std::nullopt;
  return line.substr(start + rule.size(), line.size() - start - rule.size() - end_rule.size());
}

constexpr std::string_view throughput_words = "throughput summary:";
constexpr std::string_view latency_heading = "avg       min       p50       p95       p99       max";
constexpr Metric latency_columns[] = {Metric::latency_mean, Metric::latency_max, Metric::latency_p50,
                                      Metric::latency_p95,  Metric::latency_p99, Metric::latency_max};

// The figures stand below their names; the second is the minimum, which the last, the maximum, replaces.
void put_latencies(const TextReport::Entry& row, Point& point) {
  for (std::size_t i = 0; i < std::size(latency_columns); ++i) point[latency_columns[i]] = row.number(i) * us_per_ms;
}

}  // namespace

bool is_redis_csv(Source& source) {
  const std::string_view line = source.first_line();
  if (line.starts_with("\"test\",\"rps\"")) return true;
  const auto middle = line.find("\",\"");
  return line.starts_with('"') && middle != line.npos && line.ends_with('"') && middle + 4 < line.size() &&
         number_in(line.substr(middle + 3, line.size() - middle - 4)).has_value();
}

Measurement read_redis_csv(Source& source) {
  const bool old = !source.first_line().starts_with("\"test\",");
  CsvReader csv(source);
  const CsvHeader header = old ? CsvHeader({"test", "rps"}) : CsvHeader::read(csv, source);
  Measurement measurement;
  describe_origin(measurement, csv_origin);
  while (csv.next_of(header.size())) {
    Point& point = add_test(csv[0], measurement);
    for (const auto& [name, metric, unit] : columns) {
      if (const auto column = header.find(name)) point[metric] = need_number(source, csv[*column], name) * unit;
    }
  }
  finish(measurement, source);
  return measurement;
}

bool is_redis_text(Source& source) {
  const std::string_view head = source.head();
  return head.find("====== ") != head.npos && head.find("parallel clients") != head.npos;
}

Measurement read_redis_text(Source& source) {
  const TextReport report(source);
  Measurement measurement;
  describe_origin(measurement, text_origin);
  Point* point = nullptr;
  bool values_follow = false;
  for (const auto& line : report.lines()) {
    if (const auto name = test_name(line.rest())) {
      point = &add_test(*name, measurement);
    } else if (values_follow && point != nullptr) {
      put_latencies(line, *point);
    } else if (line.rest().starts_with(throughput_words) && point != nullptr) {
      (*point)[Metric::throughput] = line.number(2);
    }
    values_follow = line.rest() == latency_heading;
  }
  if (point == nullptr || !point->contains(Metric::latency_p99)) {
    source.fail_whole(cut_off, "the last test has no summary", "did redis-benchmark end as it should?");
  }
  finish(measurement, source);
  return measurement;
}

}  // namespace burstgate::importers

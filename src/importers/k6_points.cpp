// k6's raw points: `--out json` and `--out csv`. Of all metrics only http_req_duration is needed: its tags say how the
// request ended.
#include <fmt/format.h>

#include <set>

#include "base/text.hpp"
#include "importers/csv.hpp"
#include "importers/json_scan.hpp"
#include "importers/k6.hpp"
#include "importers/origin.hpp"
#include "importers/raw_points.hpp"
#include "importers/values.hpp"

namespace burstgate::importers {

namespace {

using measure::Failure;
using measure::Measurement;

constexpr std::string_view wanted = "http_req_duration", quoted_wanted = "\"http_req_duration\"";
constexpr std::string_view label_hint = "give requests of one kind the same `name` tag in k6";

// What a point's tags say.
struct Tags {
  std::string_view method, name, status, error_code, expected;
};

struct ErrorRange {
  int first, last;
  Failure failure;
};
// k6's error codes (Grafana k6 documentation, "Error codes").
constexpr ErrorRange error_ranges[] = {
    {1050, 1050, Failure::timeout}, {1100, 1199, Failure::connect},  {1211, 1211, Failure::connect_timeout},
    {1212, 1212, Failure::refused}, {1210, 1219, Failure::connect},  {1201, 1201, Failure::reset},
    {1220, 1220, Failure::reset},   {1200, 1299, Failure::connect},  {1300, 1399, Failure::connect},
    {1400, 1599, Failure::status},  {1600, 1699, Failure::protocol},
};

Failure failure_of(const Tags& tags, int status) {
  const auto code = count_in(tags.error_code).value_or(0);
  for (const auto& [first, last, failure] : error_ranges) {
    if (code >= static_cast<std::uint64_t>(first) && code <= static_cast<std::uint64_t>(last)) return failure;
  }
  return status > 0 ? Failure::status : Failure::protocol;
}

// Without the tag expected_response (k6 can be told to leave it out) a status decides as k6's default does.
bool is_expected(const Tags& tags, int status) {
  constexpr int first_error = 400;
  if (!tags.expected.empty()) return tags.expected == "true";
  return status > 0 && status < first_error;
}

class Points {
 public:
  explicit Points(const Source& source) : source_(source), points_(source, label_hint) {}

  void add(std::int64_t ended_us, std::int64_t latency_us, const Tags& tags) {
    const int status = status_in(tags.status);
    name_.assign(tags.method);
    if (!name_.empty()) name_ += ' ';
    name_ += tags.name;
    RawPoint point{.ended_us = ended_us, .latency_us = latency_us, .endpoint = name_};
    point.status = status;
    if (!is_expected(tags, status)) point.failure = failure_of(tags, status);
    points_.add(point);
  }
  void note_other(std::string_view metric) {
    constexpr std::size_t enough = 20;
    if (others_.size() < enough && !others_.contains(metric)) others_.emplace(metric);
  }
  void set_whole_seconds() { points_.set_whole_seconds(); }

  Measurement finish(std::string_view form) {
    if (points_.count() == 0 && !others_.empty()) {
      const std::vector<std::string> names(others_.begin(), others_.end());
      source_.fail_whole(without_requests, fmt::format("there are no points of {} in it", wanted),
                         "there are: " + join(names, ", "));
    }
    Measurement measurement;
    describe_origin(measurement, {k6_tool, form, k6_latency, "ms"});
    points_.finish(measurement);
    return measurement;
  }

 private:
  const Source& source_;
  RawPoints points_;
  std::string name_;
  std::set<std::string, std::less<>> others_;
};

// One line of JSON. {"metric": ..., "type": "Point", "data": {"time": ..., "value": ..., "tags": {...}}}, in any order.
class JsonLine {
 public:
  explicit JsonLine(const Source& source) : source_(source) {}

  // False: a line of another metric, or one that describes a metric.
  bool read(std::string_view line, Points& points) {
    std::string_view metric, type, data;
    bool skipped = false;
    JsonScan scan(line);
    while (!skipped && scan.next()) {
      if (scan.key() == "metric") metric = scan.value();
      if (scan.key() == "type") type = scan.value();
      if (scan.key() == "data") data = scan.value();
      // Nine of ten lines are of other metrics: the rest of them is not looked at.
      skipped = scan.key() == "metric" && metric != quoted_wanted && line.ends_with('}');
    }
    if (metric.size() < 2 || (!skipped && !scan.complete())) refuse();
    metric = metric.substr(1, metric.size() - 2);
    if (metric != wanted) {
      points.note_other(metric);
      return false;
    }
    if (type == "\"Metric\"") return false;
    if (type != "\"Point\"") refuse();
    read_point(data, points);
    return true;
  }

 private:
  void read_point(std::string_view data, Points& points) {
    std::string_view time, value, tags;
    JsonScan scan(data);
    while (scan.next()) {
      if (scan.key() == "time") time = scan.value();
      if (scan.key() == "value") value = scan.value();
      if (scan.key() == "tags") tags = scan.value();
    }
    const auto ended_us = time.size() > 2 ? rfc3339_us(time.substr(1, time.size() - 2)) : std::nullopt;
    if (!scan.complete()) refuse();
    if (!ended_us) source_.fail(malformed, fmt::format("time: expected a UTC time, got {}", elided(time, 60)));
    points.add(*ended_us, need_time_us(source_, value, "value", us_per_ms), read_tags(tags));
  }

  Tags read_tags(std::string_view text) {
    Tags tags;
    JsonScan scan(text);
    while (scan.next()) {
      if (scan.key() == "name") tags.name = unquoted(scan.value(), name_).value_or("");
      if (scan.key() == "method") tags.method = unquoted(scan.value(), method_).value_or("");
      if (scan.key() == "status") tags.status = unquoted(scan.value(), scratch_).value_or("");
      if (scan.key() == "error_code") tags.error_code = unquoted(scan.value(), scratch_).value_or("");
      if (scan.key() == "expected_response") tags.expected = unquoted(scan.value(), scratch_).value_or("");
    }
    return tags;
  }

  [[noreturn]] void refuse() const {
    source_.fail(malformed, "not a line of k6's JSON output",
                 "is the file cut off here, or is it mixed with another one?");
  }

  const Source& source_;
  std::string name_, method_, scratch_;
};

}  // namespace

bool is_k6_lines(Source& source) {
  const std::string_view line = source.first_line();
  const auto type = member(line, "type");
  return type && (*type == "\"Metric\"" || *type == "\"Point\"") && member(line, "metric") && member(line, "data");
}

Measurement read_k6_lines(Source& source) {
  Points points(source);
  JsonLine reader(source);
  while (const auto line = source.next_line()) {
    if (!line->empty()) reader.read(*line, points);
  }
  return points.finish("JSON lines");
}

bool is_k6_csv(Source& source) {
  return source.first_line().starts_with("metric_name,timestamp,metric_value");
}

Measurement read_k6_csv(Source& source) {
  CsvReader csv(source);
  const CsvHeader header = CsvHeader::read(csv, source);
  constexpr std::size_t metric = 0, timestamp = 1, value = 2;
  const auto method = header.find("method"), name = header.find("name"), url = header.find("url");
  const auto status = header.find("status"), code = header.find("error_code"),
             expected = header.find("expected_response");
  const auto field = [&](const std::optional<std::size_t>& column) {
    return column ? csv[*column] : std::string_view{};
  };
  Points points(source);
  while (csv.next_of(header.size())) {
    if (csv[metric] != wanted) {
      points.note_other(csv[metric]);
      continue;
    }
    const auto epoch = epoch_in(csv[timestamp]);
    const auto rfc3339 = epoch ? std::nullopt : rfc3339_us(csv[timestamp]);
    if (!epoch && !rfc3339) {
      source.fail(malformed, fmt::format("timestamp: expected a time, got \"{}\"", elided(csv[timestamp], 60)));
    }
    if (epoch && epoch->whole_seconds) points.set_whole_seconds();
    points.add(epoch ? epoch->us : *rfc3339, need_time_us(source, csv[value], "metric_value", us_per_ms),
               {field(method), name ? field(name) : field(url), field(status), field(code), field(expected)});
  }
  return points.finish("CSV points");
}

}  // namespace burstgate::importers

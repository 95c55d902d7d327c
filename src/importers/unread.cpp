#include "importers/unread.hpp"

#include <fmt/format.h>

namespace burstgate::importers {

namespace {

// All of the words stand in the file's head.
struct Unread {
  std::string_view words[2];
  std::string_view what;
  std::string_view instead;
};

constexpr Unread table[] = {
    {{"<testResults", ""}, "JMeter's results as XML", "set jmeter.save.saveservice.output_format=csv"},
    {{"<table", "ApacheBench"}, "ab's HTML", "run ab without -w"},
    {{"http_req_duration", "http_req_waiting..."},
     "k6's text for people",
     "run k6 with --summary-export=FILE or --out json=FILE"},
    {{"Timestamp,User Count,Type,Name,", ""}, "Locust's _stats_history.csv", "give the file PREFIX_stats.csv"},
    {{"Method,Name,Error,Occurrences", ""}, "Locust's _failures.csv", "give the file PREFIX_stats.csv"},
    {{"Count,Message,Traceback,Nodes", ""}, "Locust's _exceptions.csv", "give the file PREFIX_stats.csv"},
    {{"locust.main:", ""}, "Locust's text", "run Locust with --csv PREFIX and give the file PREFIX_stats.csv"},
    {{"Response time percentiles (approximated)", ""},
     "Locust's text",
     "run Locust with --csv PREFIX and give the file PREFIX_stats.csv"},
    {{"\xe2\x94\x82 Latency", ""}, "autocannon's table", "run autocannon with -j"},
    {{"Latencies     [min", "Success       [ratio]"}, "vegeta's text report", "vegeta report -type=json"},
    {{"Bucket ", "Histogram"}, "vegeta's histogram", "vegeta report -type=json"},
    {{"Aggregated Function Time", ""}, "fortio's text", "run fortio with -json FILE"},
    {{"httperf --", ""}, "httperf's text", ""},
    {{"# Target 50%", ""}, "fortio's text", "run fortio with -json FILE"},
    {{"requests per second, p50=", ""}, "redis-benchmark's short text", "run redis-benchmark with --csv or without -q"},
};

bool is_aggregate_log(std::string_view line) {
  constexpr std::size_t epoch_digits = 10, fewest_fields = 6;
  if (line.find_first_not_of("0123456789") != epoch_digits) return false;
  std::size_t fields = 1;
  for (const char c : line) {
    if (c == ' ') ++fields;
    if (c != ' ' && (c < '0' || c > '9')) return false;
  }
  return fields >= fewest_fields;
}

void refuse(const Source& source, std::string_view what, std::string_view instead) {
  source.fail_whole(not_read, fmt::format("this is {}, which is not read", what), std::string(instead));
}

}  // namespace

void refuse_unread(Source& source) {
  if (source.json() != nullptr) return;
  const std::string_view head = source.head();
  for (const auto& [words, what, instead] : table) {
    if (head.find(words[0]) != head.npos && head.find(words[1]) != head.npos) refuse(source, what, instead);
  }
  if (is_aggregate_log(source.first_line())) {
    refuse(source, "pgbench's aggregated log", "run pgbench without --aggregate-interval");
  }
}

}  // namespace burstgate::importers

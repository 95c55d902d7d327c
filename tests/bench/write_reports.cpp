// Prints how long every report of a run with 200 endpoints takes, from the values to a file that is complete on the
// disk, and fails above 300 ms for all of them together.
#include <fmt/format.h>

#include <chrono>
#include <filesystem>

#include "cli/outputs.hpp"
#include "measure/measurement.hpp"
#include "report/report.hpp"

using namespace burstgate;

namespace {

constexpr int endpoints = 200;
constexpr int requests_each = 500;
constexpr double limit_ms = 300;

measure::EndpointResult endpoint(int number) {
  measure::EndpointResult result;
  result.name = fmt::format("GET /api/v1/things/{}", number);
  for (int i = 0; i < requests_each; ++i) {
    result.latencies.ok.record(4'000 + number * 10 + i * 20);
    result.latencies.service.record(3'900 + number * 10 + i * 20);
  }
  result.counts.ok = result.counts.started = result.counts.planned = requests_each;
  result.counts.statuses[200] = requests_each;
  return result;
}

verdict::Check check(const std::string& name, Metric metric) {
  verdict::Check check;
  check.metric = metric;
  check.endpoint = name;
  check.baseline = 8'000;
  check.candidate = 11'000;
  check.change = 0.375;
  check.interval = verdict::Interval{0.30, 0.45};
  check.limit_fail = 0.20;
  check.tolerance = 0.05;
  check.samples = requests_each;
  check.outcome = verdict::Outcome::fail;
  check.place = {"thresholds/default.yaml", 2, 16};
  return check;
}

report::Report report_of_many() {
  report::Report report;
  report.candidate.tool = "burstgate";
  report.candidate.operation = "bench";
  report.candidate.load_model = "open";
  report.candidate.duration_s = 30;
  report.verdict.emplace();
  report.verdict->outcome = verdict::Outcome::fail;
  report.verdict->comparison = verdict::Comparison::stored;
  report.verdict->baseline_runs = 5;
  for (int i = 0; i < endpoints; ++i) {
    report.candidate.endpoints.push_back(endpoint(i));
    report.candidate.total.counts.add(report.candidate.endpoints.back().counts);
    report.candidate.total.latencies.merge(report.candidate.endpoints.back().latencies);
    for (const Metric metric : {Metric::latency_p95, Metric::latency_p99}) {
      report.verdict->checks.push_back(check(report.candidate.endpoints.back().name, metric));
    }
  }
  report.exit_code = 1;
  return report;
}

double write(const report::Format& format, const report::Report& report, const std::filesystem::path& folder) {
  const auto began = std::chrono::steady_clock::now();
  cli::OutputFile file((folder / (std::string(format.name) + "." + std::string(format.extension))).string());
  const std::string text = format.render(report);
  const double rendered_ms =
      std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - began).count();
  file.commit(text);
  const double ms = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - began).count();
  fmt::print("{:<14}{:7.1f} ms ({:.1f} ms of it until the text is there)  {:>9} bytes\n", format.name, ms, rendered_ms,
             text.size());
  return ms;
}

}  // namespace

int main() {
  const auto folder = std::filesystem::temp_directory_path() /
                      fmt::format("burstgate-bench-{}", std::chrono::steady_clock::now().time_since_epoch().count());
  std::filesystem::create_directories(folder);
  const report::Report report = report_of_many();
  double all_ms = 0;
  for (const report::Format& format : report::formats()) all_ms += write(format, report, folder);
  std::filesystem::remove_all(folder);
  fmt::print("all {:.1f} ms, limit {} ms\n", all_ms, limit_ms);
  return all_ms < limit_ms ? 0 : 1;
}

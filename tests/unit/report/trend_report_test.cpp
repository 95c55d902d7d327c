// A history in all its formats: what is said, and that no name in it breaks any of them.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cstdio>
#include <nlohmann/json.hpp>

#include "base/json_text.hpp"
#include "complaints.hpp"
#include "report/sparkline.hpp"
#include "report/trend.hpp"
#include "report/trend_wording.hpp"
#include "support/hostile_strings.hpp"

namespace burstgate::test {
namespace {

using measure::RunSummary;
using namespace report;

struct Names {
  std::string operation = "checkout", profile = "nightly", machine = "CPU A, 4 cores", endpoint = "chat";
  std::string commit = "c0ffee00", file = "run";
};

// Forty nights; p95 is 25 % worse from the twentieth on.
TrendReport report_of(const Names& names, std::size_t endpoints = 2) {
  std::vector<RunSummary> runs;
  for (std::size_t i = 0; i < 40; ++i) {
    const double us = 10'000 * (i < 20 ? 1 : 1.25) * (1 + 0.005 * static_cast<double>(i % 5));
    RunSummary run;
    run.file = names.file + fmt::format("{}", i);
    run.started_at_unix_s = 1'767'225'600 + static_cast<std::int64_t>(i) * 86'400;
    run.commit = fmt::format("{:02}{}", i, names.commit);
    run.operation = names.operation;
    run.profile = names.profile;
    run.machine_class = names.machine;
    run.total = {{Metric::latency_p95, us}, {Metric::throughput, 500}, {Metric::error_rate, 0}};
    for (std::size_t k = 0; k < endpoints; ++k) {
      run.endpoints.emplace_back(names.endpoint + fmt::format("{}", k), measure::Figures{{Metric::latency_p95, us}});
    }
    runs.push_back(run);
  }
  TrendReport report;
  report.trend = verdict::trend_of(runs, {});
  report.folder = names.file;
  report.left_out = {names.file + " is not counted: " + names.commit};
  report.filters = {"operation " + names.operation};
  return report;
}

bool is_well_formed(const std::string& html) {
  std::FILE* pipe = popen("xmllint --noout --huge - 2>&1", "w");
  REQUIRE(pipe != nullptr);
  const std::string xml = html.substr(html.find('\n') + 1);
  std::fwrite(xml.data(), 1, xml.size(), pipe);
  return pclose(pipe) == 0;
}

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST_CASE("a page of text has the course, the words, the change and its commits, the drift") {
  const std::string text = render_trend_text(report_of({}), false, true);
  for (const std::string& line : lines_of(text)) CHECK_MESSAGE(line.size() <= 160, line);
  CHECK(holds(text, "run: 40 runs with operation checkout; 3 degrading, 2 stable"));
  CHECK(holds(text, "checkout, profile nightly\n  40 runs, 2026-01-01 to 2026-02-09 on CPU A, 4 cores\n"));
  CHECK(holds(text, "  latency p95         ▁▁▁▁▁▁▁"));
  CHECK(holds(text, "10.1 ms -> 12.7 ms"));
  CHECK(holds(text, "+26.2 %  degrading"));
  CHECK(holds(text,
              "  2026-01-21  worse, still there; commits 19c0ffee00..20c0ffee00:\n"
              "              latency p95 10.1 ms -> 12.6 ms (+25.0 %), chat0: latency p95"));
  CHECK(holds(text, "  Since the first runs\n  latency p95: +26.2 %, degrading (10.1 ms -> 12.7 ms)\n"));
  CHECK(holds(text, "file: run is not counted: c0ffee00"));
}

TEST_CASE("Markdown and HTML say the same") {
  const std::string markdown = render_trend_markdown(report_of({}));
  CHECK(markdown_complaint(markdown).empty());
  CHECK(holds(markdown, "## Trend of 40 runs: 3 degrading, 2 stable\n"));
  CHECK(holds(markdown, "| 10.1 ms | 12.7 ms | +26.2 % | **degrading** |"));
  CHECK(holds(markdown, "- 2026-01-21: **worse, still there**; commits 19c0ffee00..20c0ffee00: latency p95 10.1 ms"));
  const std::string html = render_trend_html(report_of({}));
  CHECK(is_well_formed(html));
  CHECK(holds(html, "<h1>Trend of 40 runs</h1>"));
  CHECK(holds(html, "commits 19c0ffee00..20c0ffee00"));
  CHECK(holds(html, "<figcaption>chat1: latency p95</figcaption>"));
}

TEST_CASE("JSON has every value and every change") {
  const auto json = parse_json(render_trend_json(report_of({})), "trend.json");
  CHECK(json["schema"] == "burstgate-trend/1");
  CHECK(json["runs"] == 40);
  const auto& series = json["series"][0];
  CHECK(series["runs"].size() == 40);
  CHECK(series["runs"][3]["started_at"] == "2026-01-04T00:00:00Z");
  const auto& p95 = series["metrics"][0];
  CHECK(p95["metric"] == "latency_p95");
  CHECK(p95["values_ms"].size() == 40);
  CHECK(p95["values_ms"][0] == 10.0);
  CHECK(p95["change_points"][0]["first_run"] == 20);
  CHECK(p95["change_points"][0]["commit_before"] == "19c0ffee00");
  CHECK(p95["change_points"][0]["lasting"] == true);
  CHECK(series["metrics"][1]["values_rps"][0] == 500);
  CHECK(series["metrics"][2]["values_ratio"][0] == 0);
}

TEST_CASE("no name breaks a format") {
  const auto& strings = hostile_strings();
  for (std::size_t i = 0; i + 5 < strings.size(); i += 6) {
    const Names names{strings[i], strings[i + 1], strings[i + 2], strings[i + 3], strings[i + 4], strings[i + 5]};
    INFO(i);
    const TrendReport report = report_of(names);
    for (const bool unicode : {false, true}) {
      const std::string text = render_trend_text(report, false, unicode);
      CHECK(terminal_complaint(text, false, unicode).empty());
      CHECK(ci_command_complaint(text).empty());
    }
    CHECK(markdown_complaint(render_trend_markdown(report)) == "");
    CHECK_NOTHROW(parse_json(render_trend_json(report), "trend.json"));
    if (i % 60 == 0) CHECK(is_well_formed(render_trend_html(report)));
  }
}

TEST_CASE("many endpoints: what is left out is said") {
  const TrendReport report = report_of({}, 320);
  CHECK(holds(render_trend_markdown(report), "123 more figures"));
  CHECK(holds(render_trend_html(report), "23 more figures"));
  CHECK(holds(render_trend_html(report), "299 more figures are not drawn"));
}

TEST_CASE("an empty history has a report too") {
  TrendReport report;
  report.folder = "results";
  CHECK(render_trend_text(report, false, true) == "results: 0 runs\n\n");
  CHECK(holds(render_trend_markdown(report), "## Trend of 0 runs"));
  CHECK(is_well_formed(render_trend_html(report)));
}

TEST_CASE("a change between two runs of one commit is not the code's") {
  TrendReport report = report_of({});
  auto& series = report.trend.series[0];
  const ShiftGroup group = shifts_newest_first(series).at(0);
  CHECK(group.shifts.size() == 3);
  series.runs[20].commit = series.runs[19].commit;
  CHECK(range_text(series, group) == "commit 19c0ffee00 on both sides: not the code");
  series.runs[20].commit = "";
  CHECK(range_text(series, group) == "between run19 and run20");
}

TEST_CASE("a sparkline goes from the smallest to the largest value") {
  CHECK(sparkline({1.0, 2.0, 3.0}, 16, true) == "▁▅█");
  CHECK(sparkline({1.0, std::nullopt, 3.0}, 16, true) == "▁ █");
  CHECK(sparkline({5.0, 5.0}, 16, true) == "▅▅");
  CHECK(sparkline({1.0, 3.0}, 16, false) == "_^");
  CHECK(sparkline({}, 16, true).empty());
  std::vector<std::optional<double>> many(100, 1.0);
  many[99] = 9;  // an odd run does not make its column
  CHECK(sparkline(many, 4, false) == "----");
}

}  // namespace
}  // namespace burstgate::test

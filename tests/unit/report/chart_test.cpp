#include "report/chart.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "report/axis.hpp"
#include "report/element.hpp"

namespace burstgate::report {

namespace {

std::vector<std::string> labels(const std::vector<Tick>& ticks) {
  std::vector<std::string> found;
  for (const Tick& tick : ticks) found.push_back(tick.label);
  return found;
}
using Labels = std::vector<std::string>;

std::size_t times(const std::string& text, std::string_view part) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

ChartSpec two_points() {
  ChartSpec spec;
  spec.x_title = "time, s";
  spec.y_title = "latency, ms";
  spec.series = {{"now", Stroke::candidate, {{0, 10}, {10, 20}}}};
  return spec;
}

}  // namespace

TEST_CASE("linear ticks are round, within the ends, and as many as fit") {
  CHECK(labels(linear_ticks(0, 23.8, 5)) == Labels{"0", "10", "20"});
  CHECK(labels(linear_ticks(0, 20, 5)) == Labels{"0", "5", "10", "15", "20"});
  CHECK(labels(linear_ticks(0, 0.3, 4)) == Labels{"0.0", "0.1", "0.2", "0.3"});
  CHECK(labels(linear_ticks(-3, 3, 4)) == Labels{"-2", "0", "2"});
  CHECK(labels(linear_ticks(0, 4e7, 3)) == Labels{"0", "2e+07", "4e+07"});
  CHECK(linear_ticks(1, 1, 5).empty());
  CHECK(linear_ticks(0, std::numeric_limits<double>::infinity(), 5).empty());
  for (double high = 1e-3; high < 1e6; high *= 1.7) {
    CAPTURE(high);
    const auto ticks = linear_ticks(0, high, 5);
    CHECK(ticks.size() >= 2);
    CHECK(ticks.size() <= 5);
    CHECK(ticks.back().value <= high * (1 + 1e-9));
  }
}

TEST_CASE("logarithmic ticks are powers of ten, with 2 and 5 where these are few") {
  CHECK(labels(log_ticks(1, 100, 10)) == Labels{"1", "2", "5", "10", "20", "50", "100"});
  CHECK(labels(log_ticks(1, 100, 5)) == Labels{"1", "3", "10", "30", "100"});
  CHECK(labels(log_ticks(0.05, 8, 4)) == Labels{"0.1", "0.3", "1", "3"});
  CHECK(labels(log_ticks(1, 1e6, 4)) == Labels{"1", "100", "10000", "1e+06"});
  CHECK(log_ticks(0, 1, 5).empty());
  CHECK(log_ticks(2, 1, 5).empty());
}

TEST_CASE("markup: text and attributes are escaped, what is empty is left out") {
  const Markup made = element("p", {{"class", "a\"b<c>\n"}, {"id", ""}}, text("<script>&\x01"));
  CHECK(made.source() == "<p class=\"a&quot;b&lt;c&gt;&#10;\">&lt;script&gt;&amp;\\x01</p>");
  CHECK(element("line", {{"x1", "0"}}).source() == "<line x1=\"0\"/>");
  CHECK(element("td", {}).source() == "<td></td>");
}

TEST_CASE("a chart without a number is no chart") {
  ChartSpec spec = two_points();
  spec.series[0].points = {{0, std::nan("")}};
  CHECK(chart(spec).empty());
  spec.series.clear();
  CHECK(chart(spec).empty());
  spec = two_points();
  spec.y_log = true;
  spec.series[0].points = {{0, 0}, {1, -1}};
  CHECK(chart(spec).empty());
}

TEST_CASE("a line spans the plot; a missing value breaks it; a lonely one is a dot") {
  ChartSpec spec = two_points();
  CHECK(chart(spec).source().find("points=\"46,109 352,34\"") != std::string::npos);
  spec.series[0].points = {{0, 10}, {2, 20}, {4, std::nan("")}, {6, 10}};
  const std::string broken = chart(spec).source();
  CHECK(times(broken, "<polyline") == 1);
  CHECK(times(broken, "<circle") == 1);
}

TEST_CASE("the baseline is dashed, so that it is told apart without colour") {
  ChartSpec spec = two_points();
  spec.series.push_back({"baseline", Stroke::baseline, {{0, 5}, {10, 5}}});
  const std::string drawn = chart(spec).source();
  CHECK(times(drawn, "stroke-dasharray") == 2);  // the line and its sample in the legend
  CHECK(drawn.find(">baseline</text>") != std::string::npos);
}

TEST_CASE("labels that would touch their neighbour are left out") {
  ChartSpec spec = two_points();
  for (int i = 0; i <= 10; ++i) spec.x_ticks.push_back({static_cast<double>(i), "a long label"});
  CHECK(times(chart(spec).source(), ">a long label<") == 4);
  spec = two_points();
  spec.bands = {{0, 1, "warm-up, not counted"}, {1, 2, "launch 2"}, {8, 9, "launch 3"}};
  const std::string banded = chart(spec).source();
  CHECK(times(banded, "class=\"band\"") == 3);
  CHECK(times(banded, ">launch 2<") == 0);
  CHECK(times(banded, ">launch 3<") == 1);
}

TEST_CASE("a constant has a scale of its own around it") {
  ChartSpec spec = two_points();
  for (const double value : {0.0, 5.0, 1e-6}) {
    CAPTURE(value);
    for (const bool is_log : {false, true}) {
      spec.y_log = is_log && value > 0;
      spec.series[0].points = {{1, value}, {1, value}};
      const std::string drawn = chart(spec).source();
      CHECK(drawn.find("nan") == std::string::npos);
      CHECK(drawn.find("inf") == std::string::npos);
      CHECK(times(drawn, "<polyline") == 1);
    }
  }
}

}  // namespace burstgate::report

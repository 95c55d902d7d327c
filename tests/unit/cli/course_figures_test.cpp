#include "cli/course_figures.hpp"

#include <doctest/doctest.h>

#include "load/burst.hpp"
#include "support/plans.hpp"

using namespace burstgate;
using namespace std::chrono_literals;

namespace {

// 5 s quiet, 5 s peak, 10 s quiet again; warm-up is the first second. p95 in ms by second of the window.
struct Played {
  config::Settings settings;
  measure::Measurement run;
};

Played played(const std::vector<double>& p95_ms) {
  Played made;
  made.settings.plan = test::one_step_plan();
  config::Profile& profile = made.settings.plan.profile;
  profile.warmup = 1s;
  profile.duration = 19s;
  profile.closed.users = 50;
  profile.stages = {{"rise", 10, 0s}, {"quiet", 10, 5s}, {"jump", 50, 0s},
                    {"peak", 50, 5s}, {"drop", 10, 0s},  {"after", 10, 10s}};
  made.run.warmup_s = 1;
  made.run.duration_s = 19;
  made.run.stages = load::measured_stages(profile);
  made.run.endpoints.resize(1);
  made.run.endpoints[0].name = "GET /";
  for (const double ms : p95_ms) {
    measure::Slice slice;
    slice.start_s = static_cast<double>(made.run.total.slices.size());
    slice.duration_s = 1;
    slice.ok = slice.samples = 100;
    slice.p95_us = ms * 1000;
    made.run.total.slices.push_back(slice);
  }
  made.run.endpoints[0].slices = made.run.total.slices;
  return made;
}

std::vector<double> recovering_after(std::size_t seconds) {
  std::vector<double> p95_ms(19, 10);
  for (std::size_t i = 4; i < 9 + seconds; ++i) p95_ms[i] = 80;
  return p95_ms;
}

void limit(Played& played, Metric metric, double fail) {
  config::AbsoluteRule rule;
  rule.metric = metric;
  rule.fail = fail;
  played.settings.thresholds.total.limits.push_back(rule);
}

}  // namespace

TEST_CASE("the measured stages begin with the window, which the warm-up shortens") {
  const Played made = played(recovering_after(0));
  REQUIRE(made.run.stages.size() == 3);
  CHECK(made.run.stages[0].name == "quiet");
  CHECK(made.run.stages[0].start_s == 0);
  CHECK(made.run.stages[0].duration_s == doctest::Approx(4));
  CHECK(made.run.stages[1].start_s == doctest::Approx(4));
  CHECK(made.run.stages[2].to == 10);
}

TEST_CASE("recovery is measured against the limits of the run") {
  Played made = played(recovering_after(3));
  limit(made, Metric::latency_p95, 20'000);
  cli::add_course_figures(made.run, made.settings);
  CHECK(made.run.total.figures.at(Metric::recovery_time) == doctest::Approx(4e6));
  REQUIRE(made.run.notes.size() == 1);
  CHECK(made.run.notes[0] == "recovery: p95 within its limit of 20.0 ms, errors within 1 % 4.00 s after the peak");
  CHECK(made.run.endpoints[0].figures.at(Metric::recovery_time) == doctest::Approx(4e6));
}

TEST_CASE("recovery without a limit on the p95 is measured against what was usual before the peak") {
  Played made = played(recovering_after(2));
  limit(made, Metric::error_rate, 0.05);
  cli::add_course_figures(made.run, made.settings);
  CHECK(made.run.total.figures.at(Metric::recovery_time) == doctest::Approx(3e6));
  CHECK(made.run.notes.at(0) ==
        "recovery: p95 within 1.5 times that of stage 'quiet' (15.0 ms), errors within 5 % 3.00 s after the peak");
}

TEST_CASE("an endpoint's own limits come first; what is not reached takes as long as was waited") {
  Played made = played(recovering_after(2));
  limit(made, Metric::latency_p95, 20'000);
  config::AbsoluteRule strict;
  strict.metric = Metric::latency_p95;
  strict.warn = 5'000;
  made.settings.thresholds.endpoints["GET /"].limits.push_back(strict);
  cli::add_course_figures(made.run, made.settings);
  CHECK(made.run.total.figures.at(Metric::recovery_time) == doctest::Approx(3e6));
  CHECK(made.run.endpoints[0].figures.at(Metric::recovery_time) == doctest::Approx(10e6));
}

TEST_CASE("a constant load has throughput and drift, and no recovery") {
  Played made = played(std::vector<double>(30, 10));
  made.settings.plan.profile = {};
  made.settings.plan.profile.duration = 30s;
  made.run.stages.clear();
  made.run.warmup_s = 2;
  cli::add_course_figures(made.run, made.settings);
  const auto& figures = made.run.total.figures;
  CHECK(figures.at(Metric::peak_throughput) == doctest::Approx(100));
  CHECK(figures.at(Metric::sustained_throughput) == doctest::Approx(100));
  CHECK(figures.at(Metric::latency_drift) == doctest::Approx(0));
  CHECK_FALSE(figures.contains(Metric::recovery_time));
  CHECK(made.run.notes.empty());
}

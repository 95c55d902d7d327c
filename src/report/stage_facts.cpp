#include "report/stage_facts.hpp"

#include <fmt/format.h>

#include "report/wording.hpp"
#include "stats/course_figures.hpp"

namespace burstgate::report {

namespace {

std::string load_text(const measure::Stage& stage, bool open) {
  const std::string unit = open ? "/s" : stage.to == 1 && stage.from == 1 ? " user" : " users";
  if (stage.from == stage.to) return fmt::format("{:g}{}", stage.to, unit);
  return fmt::format("{:g} -> {:g}{}", stage.from, stage.to, unit);
}

std::string measured_text(const measure::Measurement& run, std::size_t index) {
  std::uint64_t ok = 0, failed = 0;
  double length_s = 0;
  for (const measure::Slice& slice : run.total.slices) {
    if (slice.stage != index) continue;
    ok += slice.ok;
    failed += slice.failed;
    length_s += slice.duration_s;
  }
  if (ok + failed == 0 || length_s <= 0) return "no answers";
  std::string text = to_text(Metric::throughput, static_cast<double>(ok) / length_s);
  const measure::Stage& stage = run.stages[index];
  const auto p95 = stats::usual_p95_us(run.total.slices, {stage.start_s, stage.start_s + stage.duration_s});
  if (p95) text += ", p95 " + to_text(Metric::latency_p95, *p95);
  const double error_rate = static_cast<double>(failed) / static_cast<double>(ok + failed);
  return text + ", errors " + to_text(Metric::error_rate, error_rate);
}

}  // namespace

std::vector<Fact> stage_facts(const measure::Measurement& run) {
  std::vector<Fact> facts;
  for (std::size_t i = 0; i < run.stages.size(); ++i) {
    const measure::Stage& stage = run.stages[i];
    facts.push_back(
        {i == 0 ? "stages" : "", fmt::format("{}: {} to {}, {}: {}", stage.name, seconds_text(stage.start_s),
                                             seconds_text(stage.start_s + stage.duration_s),
                                             load_text(stage, run.load_model == "open"), measured_text(run, i))});
  }
  return facts;
}

}  // namespace burstgate::report

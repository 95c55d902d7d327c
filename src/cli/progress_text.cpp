#include "cli/progress_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "base/metric.hpp"
#include "base/text.hpp"

namespace burstgate::cli {

namespace {

constexpr std::array<std::string_view, 8> bars = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
constexpr std::array<std::string_view, 8> ascii_bars = {".", ".", "-", "-", "=", "=", "#", "#"};

// The parts as far as there is room: the first always, later ones whole or not at all.
std::string joined(const std::vector<std::string>& parts, const std::string& course, std::size_t course_columns,
                   std::size_t columns) {
  std::string text = parts.front();
  for (std::size_t i = 1; i < parts.size(); ++i) {
    if (text.size() + 2 + parts[i].size() > columns) return text;
    text += "  " + parts[i];
  }
  if (course_columns > 0 && text.size() + 2 + course_columns <= columns) text += "  " + course;
  return text;
}

std::string failed_text(std::uint64_t failed) {
  return fmt::format("{} failed", failed);
}

}  // namespace

void Sparkline::add(double value) {
  values_.push_back(std::isfinite(value) && value >= 0 ? value : -1);
  if (values_.size() > most) values_.pop_front();
}

std::string Sparkline::text(bool unicode) const {
  const double tallest = values_.empty() ? 0 : *std::max_element(values_.begin(), values_.end());
  std::string made;
  for (const double value : values_) {
    if (value < 0 || tallest <= 0) {
      made += value < 0 ? " " : unicode ? bars[0] : ascii_bars[0];
      continue;
    }
    const auto step = static_cast<std::size_t>(std::min(value / tallest * bars.size(), bars.size() - 1.0));
    made += unicode ? bars[step] : ascii_bars[step];
  }
  return made;
}

std::string_view phase_text(load::Progress::Phase phase) {
  using Phase = load::Progress::Phase;
  switch (phase) {
    case Phase::warmup:
      return "warming up";
    case Phase::measuring:
      return "measuring";
    case Phase::draining:
      return "waiting for the last answers";
    case Phase::done:
      return "done";
  }
  return "";
}

std::string progress_text(const load::Progress& progress, const Sparkline& course, bool unicode, std::size_t columns) {
  std::vector<std::string> parts = {
      fmt::format("{}  {:.0f}/{:.0f} s", phase_text(progress.phase), progress.elapsed_s, progress.total_s)};
  if (!progress.stage.empty()) parts.push_back(visible(progress.stage));
  if (progress.asked_per_s) {
    parts.push_back(fmt::format("{:.0f}/s asked", *progress.asked_per_s));
  } else {
    parts.push_back(fmt::format("{} {}", progress.users, progress.users == 1 ? "user" : "users"));
  }
  if (progress.seconds_seen > 0) parts.push_back(fmt::format("{:.0f}/s", progress.recent_per_s));
  if (progress.recent_p95_us) parts.push_back("p95 " + to_text(Metric::latency_p95, *progress.recent_p95_us));
  parts.push_back(failed_text(progress.failed));
  return joined(parts, course.text(unicode), course.columns(), columns);
}

std::string progress_text(const PairedProgress& progress, const Sparkline& course, bool unicode, std::size_t columns) {
  std::vector<std::string> parts = {fmt::format("{:.0f}/{:.0f} s of load", progress.paired_s, progress.budget_s),
                                    fmt::format("{} rounds", progress.rounds)};
  if (progress.baseline_p95_us > 0)
    parts.push_back(fmt::format("p95 {} -> {}", to_text(Metric::latency_p95, progress.baseline_p95_us),
                                to_text(Metric::latency_p95, progress.candidate_p95_us)));
  parts.push_back(failed_text(progress.failed));
  parts.push_back(fmt::format("next look at {:.0f} s", progress.next_look_s));
  return joined(parts, course.text(unicode), course.columns(), columns);
}

}  // namespace burstgate::cli

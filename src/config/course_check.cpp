#include "config/course_check.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "config/course.hpp"
#include "config/units.hpp"

namespace burstgate::config {

namespace {

// Whole seconds, of which the lower decile is taken; the last slice of a run does not count.
constexpr double min_plateau_s = 5;

bool is_of_the_course(Metric metric) {
  return metric == Metric::recovery_time || metric == Metric::latency_drift || metric == Metric::sustained_throughput ||
         metric == Metric::peak_throughput;
}

class Check {
 public:
  Check(const Plan& plan, Mistakes& mistakes)
      : plan_(plan), course_(plan.profile), profile_(elided(plan.profile.name, 60)), mistakes_(mistakes) {}

  // `limit_us`: of an absolute rule, its latest limit.
  void check(Metric metric, const Place& place, std::optional<double> limit_us) {
    if (!is_of_the_course(metric)) return;
    if (plan_.paired) {
      mistakes_.add("E-117", place, fmt::format("{} is not measured side by side", name(metric)),
                    "its slices have no common course; compare with a recorded baseline");
    } else if (metric == Metric::recovery_time) {
      check_recovery(place, limit_us);
    } else if (metric == Metric::sustained_throughput && course_.plateau() && plateau_s() < min_plateau_s) {
      mistakes_.add(
          "E-123", place,
          fmt::format("sustained_throughput needs {:g} s at the highest load, and the profile '{}' has {:g} s",
                      min_plateau_s, profile_, plateau_s()),
          "make the stage longer");
    } else if (metric != Metric::peak_throughput && !course_.plateau()) {
      mistakes_.add("E-123", place,
                    fmt::format("{} needs a stage that stays at the highest load, and the profile '{}' has none",
                                name(metric), profile_),
                    "add a second stage of the same load");
    }
  }

 private:
  double plateau_s() const {
    const double warmup_s = std::chrono::duration<double>(plan_.profile.warmup).count();
    return course_.plateau()->end_s - std::max(course_.plateau()->start_s, warmup_s);
  }

  void check_recovery(const Place& place, std::optional<double> limit_us) {
    const auto peak_end_s = course_.peak_end_s();
    if (!peak_end_s) {
      mistakes_.add("E-123", place,
                    fmt::format("recovery_time needs a stage of lower load after the peak, and the profile '{}' has "
                                "none",
                                profile_),
                    "the built-in profile 'spike' has one");
      return;
    }
    const double left_s = course_.total_s() - *peak_end_s;
    if (!limit_us || *limit_us < left_s * 1e6) return;
    mistakes_.add("E-123", place,
                  fmt::format("recovery_time: {} cannot be judged: the profile '{}' ends {:g} s after its peak",
                              to_text(microseconds(static_cast<std::int64_t>(*limit_us))), profile_, left_s),
                  "make the last stage longer, or the limit shorter");
  }

  const Plan& plan_;
  const Course course_;
  const std::string profile_;
  Mistakes& mistakes_;
};

}  // namespace

void check_course_rules(const RuleSet& rules, const Plan& plan, Mistakes& mistakes) {
  Check check(plan, mistakes);
  if (!plan.paired) {  // side by side every regression of this kind is refused elsewhere
    for (const RegressionRule& rule : rules.regression) check.check(rule.metric, rule.place, std::nullopt);
  }
  for (const AbsoluteRule& rule : rules.limits) {
    check.check(rule.metric, rule.place, std::max(rule.warn.value_or(0), rule.fail.value_or(0)));
  }
}

}  // namespace burstgate::config

#include "report/explain_step.hpp"

#include <fmt/format.h>

#include <cmath>

#include "report/wording.hpp"

namespace burstgate::report {

using verdict::Check;
using verdict::Grounds;
using verdict::PairedStep;

namespace {

// How the estimate and its bounds are made.
struct Method {
  std::string_view values;
  std::string_view estimate;
  std::string_view test;
};

Method method_of(Metric metric) {
  if (metric == Metric::stalls) {
    return {"share of slices whose p96 is far above the baseline's usual p95", "difference of the shares",
            "McNemar's exact test of the rounds in which one side alone stalled"};
  }
  if (kind(metric) == MetricKind::share) {
    return {"share over all rounds", "difference of the shares",
            "Newcombe's interval, widened as far as errors come in bunches"};
  }
  return {"medians over the rounds",
          "Hodges-Lehmann: the median of the rounds' differences and of their averages in "
          "pairs",
          "Wilcoxon's signed ranks of the rounds' differences, exact"};
}

std::string amount_text(Metric metric, double amount) {
  if (metric == Metric::stalls) return fmt::format("{:.1f} slices", amount);
  return kind(metric) == MetricKind::share ? fmt::format("{:.1f} errors", amount) : to_text(metric, amount);
}

std::string limits_text(const Check& check) {
  std::string text = fmt::format("tolerance {}, {} ({})", change_text(check.metric, check.tolerance), limit_text(check),
                                 check.place.text());
  if (check.floor > 0) text += ", floor " + amount_text(check.metric, check.floor);
  return text;
}

// The rule's questions in their order, up to the one that the answer `grounds` came from.
class Questions {
 public:
  explicit Questions(const PairedStep& step) : step_(step), check_(step.check) {}
  std::vector<Fact> asked();

 private:
  void ask(std::string_view label, const std::string& question, bool yes) {
    facts_.push_back({std::string(label), question + (yes ? ": yes" : ": no")});
  }
  std::string text(double worse_by) const { return change_text(check_.metric, worse_by); }
  void worst_is_within(double limit, bool yes) {
    ask("pass?", fmt::format("even at worst, {}, within the limit {}", text(step_.change.high), text(limit)), yes);
  }
  void worst_is_below_floor(bool yes) {
    if (check_.floor <= 0 || step_.change.unit <= 0 || !std::isfinite(step_.change.high)) return;
    ask("or pass?",
        fmt::format("even at worst {} more, below the floor {}",
                    amount_text(check_.metric, step_.change.high * step_.change.unit),
                    amount_text(check_.metric, check_.floor)),
        yes);
  }
  void best_is_beyond(bool yes) {
    ask("fail?",
        fmt::format("even at best, {}, beyond the tolerance {}", text(step_.change.low), text(check_.tolerance)), yes);
  }
  void estimate_reaches_floor(bool yes) {
    if (check_.floor <= 0 || step_.change.unit <= 0) return;
    ask("and fail?",
        fmt::format("the estimate, {} more, reaches the floor {}",
                    amount_text(check_.metric, step_.change.estimate * step_.change.unit),
                    amount_text(check_.metric, check_.floor)),
        yes);
  }

  const PairedStep& step_;
  const Check& check_;
  std::vector<Fact> facts_;
};

std::vector<Fact> Questions::asked() {
  const Grounds grounds = step_.grounds;
  if (grounds == Grounds::beyond_warn || grounds == Grounds::warn_undecided) {
    if (check_.limit_fail) worst_is_within(*check_.limit_fail, true);
    const std::string floor = check_.floor > 0 ? " and by the floor " + amount_text(check_.metric, check_.floor) : "";
    ask("warn?",
        fmt::format("certainly (at best {}) beyond the tolerance of the warn limit {}{}", text(step_.change.low),
                    text(*check_.limit_warn), floor),
        grounds == Grounds::beyond_warn);
    return std::move(facts_);
  }
  worst_is_within(check_.limit_fail ? *check_.limit_fail : *check_.limit_warn, grounds == Grounds::within_limit);
  if (grounds == Grounds::within_limit) return std::move(facts_);
  worst_is_below_floor(grounds == Grounds::below_floor);
  if (grounds == Grounds::below_floor) return std::move(facts_);
  best_is_beyond(grounds != Grounds::undecided);
  if (grounds != Grounds::undecided) estimate_reaches_floor(grounds == Grounds::beyond_tolerance);
  return std::move(facts_);
}

}  // namespace

std::string level_text(double share) {
  return fmt::format("{:.3g} %", share * 100);
}

std::vector<Fact> step_facts(const PairedStep& step) {
  const Check& check = step.check;
  const Method method = method_of(check.metric);
  std::vector<Fact> facts;
  facts.push_back(
      {"both sides", fmt::format("{} -> {}, {}", baseline_text(check), candidate_text(check, nullptr), method.values)});
  facts.push_back(
      {"estimate", fmt::format("{} ({})", change_text(check.metric, step.change.estimate), method.estimate)});
  facts.push_back({"bounds", fmt::format("at best {} (error level {}), at worst {} (error level {}), at this look",
                                         change_text(check.metric, step.change.low), level_text(step.low_level),
                                         change_text(check.metric, step.change.high), level_text(step.high_level))});
  facts.push_back({"limits", limits_text(check)});
  facts.push_back({"p-value", fmt::format("{:.2g} against \"worse by no more than the tolerance\" ({}); the error "
                                          "level of the best case has Holm's divisor {}",
                                          step.p_value, method.test, step.divisor)});
  for (Fact& question : Questions(step).asked()) facts.push_back(std::move(question));
  return facts;
}

std::vector<Fact> saved_facts(const Check& check) {
  std::vector<Fact> facts;
  facts.push_back({"both sides", sides_text(check, nullptr)});
  facts.push_back({"limits", limits_text(check)});
  if (const std::string noise = noise_text(check); !noise.empty()) facts.push_back({"noise", noise});
  return facts;
}

}  // namespace burstgate::report

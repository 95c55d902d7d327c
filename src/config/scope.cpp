#include "config/scope.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/text.hpp"

namespace burstgate::config {

namespace {

class Scope {
 public:
  Scope(Scenario& scenario, Mistakes& mistakes) : scenario_(scenario), mistakes_(mistakes) {}

  void resolve(const std::vector<std::string>& run_names, bool inherits, const std::vector<Feeder>& feeders) {
    for (const std::string& name : run_names) {
      slot_of(name);
      if (inherits) available_.insert(name);
    }
    for (const auto* steps : {&scenario_.setup, &scenario_.steps, &scenario_.teardown}) announce(*steps);
    declare_columns(feeders);
    declare_variables();
    walk(scenario_.setup);
    const std::set<std::string> after_setup = available_;
    walk(scenario_.steps);
    available_ = after_setup;  // a user may end in the middle of an iteration
    walk(scenario_.teardown);
    forget_unused_columns();
  }

 private:
  std::size_t slot_of(const std::string& name) {
    const auto found = std::find(scenario_.slots.begin(), scenario_.slots.end(), name);
    if (found != scenario_.slots.end()) return static_cast<std::size_t>(found - scenario_.slots.begin());
    scenario_.slots.push_back(name);
    return scenario_.slots.size() - 1;
  }

  void announce(const std::vector<Step>& steps) {
    for (const Step& step : steps) {
      for (const Save& save : step.saves) later_.emplace(save.variable, &step);
    }
  }

  // For what is no save: a name of its own.
  void declare(const std::string& name, const Place& place) {
    const bool saved = later_.count(name) > 0;
    if (available_.insert(name).second && !saved) return;
    mistakes_.add("E-103", place, fmt::format("the variable '{}' is here twice", elided(name, 60)),
                  saved ? "a step saves one of that name" : "give one of them another name");
  }

  void declare_columns(const std::vector<Feeder>& feeders) {
    for (FeederUse& use : scenario_.feeders) {
      const std::vector<std::string>& columns = feeders[use.feeder].columns;
      for (std::size_t i = 0; i < columns.size(); ++i) {
        declare(columns[i], use.place);
        use.columns.emplace_back(i, slot_of(columns[i]));
      }
    }
  }

  void declare_variables() {
    for (Variable& variable : scenario_.variables) {
      use(variable.value.placeholders);
      declare(variable.name, variable.place);
      variable.slot = slot_of(variable.name);
    }
  }

  void walk(std::vector<Step>& steps) {
    for (Step& step : steps) {
      use(step.target_placeholders);
      for (Header& header : step.headers) use(header.value.placeholders);
      use(step.body.placeholders);
      for (Save& save : step.saves) {
        available_.insert(save.variable);
        save.slot = slot_of(save.variable);
      }
    }
  }

  void use(std::vector<Placeholder>& placeholders) {
    for (Placeholder& placeholder : placeholders) {
      if (placeholder.random) continue;
      if (available_.count(placeholder.name) == 0) refuse(placeholder);
      placeholder.slot = slot_of(placeholder.name);
      used_.insert(placeholder.slot);
    }
  }

  void refuse(const Placeholder& placeholder) {
    const std::string name = elided(placeholder.name, 60);
    if (const auto later = later_.find(placeholder.name); later != later_.end()) {
      mistakes_.add("E-133", placeholder.place,
                    fmt::format("'{{{}}}' is used before the step '{}' saves it", name, later->second->name));
      return;
    }
    const std::vector<std::string> known(available_.begin(), available_.end());
    std::string hint = did_you_mean(placeholder.name, known);
    if (hint.empty() && !known.empty()) hint = elided("known are " + join(known, ", "), 200);
    if (known.empty()) hint = "save it in a step before, or write {{ for a brace";
    mistakes_.add("E-132", placeholder.place, fmt::format("unknown variable '{{{}}}'", name), hint);
  }

  void forget_unused_columns() {
    for (FeederUse& use : scenario_.feeders) {
      std::erase_if(use.columns, [&](const auto& column) { return used_.count(column.second) == 0; });
    }
    std::erase_if(scenario_.feeders, [](const FeederUse& use) { return use.columns.empty(); });
  }

  Scenario& scenario_;
  Mistakes& mistakes_;
  std::set<std::string> available_;
  std::map<std::string, const Step*> later_;  // who saves it first
  std::set<std::size_t> used_;
};

}  // namespace

std::vector<std::string> saved_names(const std::vector<Step>& steps) {
  std::vector<std::string> names;
  for (const Step& step : steps) {
    for (const Save& save : step.saves) {
      if (std::find(names.begin(), names.end(), save.variable) == names.end()) names.push_back(save.variable);
    }
  }
  return names;
}

void resolve_variables(Scenario& scenario, const std::vector<std::string>& run_names, bool inherits,
                       const std::vector<Feeder>& feeders, Mistakes& mistakes) {
  Scope(scenario, mistakes).resolve(run_names, inherits, feeders);
}

}  // namespace burstgate::config

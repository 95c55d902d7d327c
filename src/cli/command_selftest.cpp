// Proof, here and with the user's own service, that the gate works: a service compared with itself passes, and fails
// when its answers are held back on one side. Both sides are reached through a proxy, so that the proxy drops out.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/against_itself.hpp"
#include "cli/commands.hpp"
#include "cli/interrupt.hpp"
#include "cli/progress.hpp"
#include "cli/session.hpp"
#include "config/units.hpp"
#include "load/preflight.hpp"
#include "report/wording.hpp"
#include "target/slow_proxy.hpp"

namespace burstgate::cli {

namespace {

using measure::Side;
using verdict::Check;
using verdict::Outcome;

const CommandHelp help = {
    .name = "selftest",
    .usage = "burstgate selftest [URL] [flags]",
    .about =
        "Proves that the gate works on this machine, with your service and your limits. The service is compared with\n"
        "itself twice, side by side: once as it is, which must pass, and once with its answers held back by 30 % on "
        "one\n"
        "side, which must fail. Both sides are reached through a small proxy inside burstgate that does the holding\n"
        "back; the service sees its address in Host. Changes against the baseline are judged, not absolute limits.\n"
        "Takes up to a minute of load for each of the two, usually less. Exit 0: both came out as they must. 1: one\n"
        "did not, and it says which. 3: one could not be decided. 4: the service failed.",
    .example =
        "  burstgate selftest --config burstgate.yaml\n"
        "  burstgate selftest http://127.0.0.1:8080/ --budget 30s --thresholds thresholds/default.yaml",
    .takes_load = true,
    .tests_itself = true,
};

constexpr double usual_slowdown = 0.30;
// An injected change this many times the limit and the floor is certainly beyond both.
constexpr double clearly = 1.5;
// A connection through a proxy has two ends more than one without; there are two sides.
constexpr std::uint64_t descriptors_per_connection = 3 * 2;
constexpr int most_of_a_closed_model = 256;  // connections of its latency phase
constexpr std::uint64_t spare_descriptors = 256;

[[noreturn]] void refuse(const std::string& where, std::string what, std::string hint) {
  throw Error(Trouble::usage, {.code = "E-015", .where = where, .what = std::move(what), .hint = std::move(hint)});
}

// ---- what is injected ----

const config::RegressionRule* p95_rule(const config::Thresholds& thresholds) {
  for (const auto& rule : thresholds.total.regression) {
    if (rule.metric == Metric::latency_p95 && rule.fail) return &rule;
  }
  return nullptr;
}

double floor_of(const config::RegressionRule& rule) {
  return rule.floor.value_or(config::default_floor(rule.metric));
}

// The rules that are put to the test: those about changes, with one for the p95 that can fail.
void keep_comparing_rules(config::Thresholds& thresholds, std::vector<std::string>& notes) {
  thresholds.total.limits.clear();
  for (auto& [endpoint, rules] : thresholds.endpoints) rules.limits.clear();
  if (p95_rule(thresholds) != nullptr) return;
  std::erase_if(thresholds.total.regression, [](const auto& rule) { return rule.metric == Metric::latency_p95; });
  thresholds.total.regression.insert(thresholds.total.regression.begin(), *p95_rule(config::default_thresholds()));
  notes.push_back(
      fmt::format("{} has no p95 rule that can fail: the default one is used here, +20 % and 1 ms", thresholds.source));
}

struct Injection {
  target::Slowdown slowdown;
  std::string name;  // "+30 %"
};

// +30 % where the rule can see it; otherwise more, and `notes` says why.
Injection injection_for(const config::RegressionRule& rule, std::optional<double> p95_us,
                        std::vector<std::string>& notes) {
  double share = usual_slowdown;
  if (clearly * *rule.fail > share * (1 + 1e-9)) {
    share = clearly * *rule.fail;
    notes.push_back(fmt::format("+30 % is not clearly beyond the p95 limit of {}: injected is {} instead",
                                report::change_text(rule.metric, *rule.fail), report::change_text(rule.metric, share)));
  }
  Injection injection{{.factor = 1 + share}, fmt::format("+{:.3g} %", share * 100)};
  const double floor_us = floor_of(rule);
  if (!p95_us || share * *p95_us >= clearly * floor_us) return injection;
  injection.slowdown.added = std::chrono::microseconds(static_cast<std::int64_t>(clearly * floor_us));
  const std::string added = config::to_text(injection.slowdown.added);
  notes.push_back(
      fmt::format("the p95 rule's floor of {} hides {} here: of a p95 of {} that is {}.\n"
                  "      Injected is {} more on every answer. A smaller floor sees smaller changes: burstgate\n"
                  "      calibrate proposes one.",
                  to_text(rule.metric, floor_us), injection.name, to_text(rule.metric, *p95_us),
                  to_text(rule.metric, share * *p95_us), added));
  injection.name += " and " + added;
  return injection;
}

// A floor that no answer in time can exceed leaves nothing to inject.
void refuse_blinding_floor(const config::Settings& settings) {
  const config::RegressionRule& rule = *p95_rule(settings.thresholds);
  const auto timeout_us = static_cast<double>(settings.plan.limits.request_timeout.count());
  if (clearly * floor_of(rule) < timeout_us) return;
  refuse(
      settings.thresholds.source,
      fmt::format("the p95 rule's floor of {} is not clearly below the request timeout of {}: no slowdown could ever "
                  "fail",
                  to_text(rule.metric, floor_of(rule)), to_text(rule.metric, timeout_us)),
      "give a smaller floor, e.g. latency_p95: {fail: +20%, floor: 1ms}");
}

// ---- a run ----

class Proxies {
 public:
  explicit Proxies(const target::Slowdown& of_candidate) : of_candidate_(of_candidate) {}

  std::string put_before(Side side, const std::string& url) {
    auto& proxy = proxies_[static_cast<std::size_t>(side)];
    proxy = std::make_unique<target::SlowProxy>(url, side == Side::candidate ? of_candidate_ : target::Slowdown{});
    return proxy->url();
  }

 private:
  target::Slowdown of_candidate_;
  std::array<std::unique_ptr<target::SlowProxy>, 2> proxies_;
};

struct Trial {
  std::string name;
  Outcome expected = Outcome::pass;
  PairedResult result;

  const verdict::Verdict& verdict() const { return result.verdict; }
};

Trial play(std::string name, Outcome expected, const target::Slowdown& slowdown, const config::Settings& settings,
           bool quiet) {
  ProgressLine(quiet).say(fmt::format("{}: expected to {}", name, verdict::name(expected)));
  Proxies proxies(slowdown);
  PairedVariation through_proxies;
  through_proxies.front = [&](Side side, const std::string& url) { return proxies.put_before(side, url); };
  return {std::move(name), expected, compare_side_by_side(settings, quiet, through_proxies)};
}

const Check* p95_check(const Trial& trial) {
  for (const Check& check : trial.verdict().checks) {
    if (check.metric == Metric::latency_p95 && check.endpoint.empty()) return &check;
  }
  return nullptr;
}

bool failed_by_its_speed(const Check& check) {
  const bool is_speed =
      quantile(check.metric) || check.metric == Metric::latency_mean || check.metric == Metric::throughput;
  return is_speed && check.outcome == Outcome::fail;
}

// exit_pass: as it must be.
int code_of(const Trial& trial) {
  const verdict::Verdict& got = trial.verdict();
  if (service_failed(trial.result)) return exit_target;
  if (got.outcome == Outcome::inconclusive) return exit_inconclusive;
  if (trial.expected == Outcome::pass) return got.outcome == Outcome::fail ? exit_fail : exit_pass;
  return std::any_of(got.checks.begin(), got.checks.end(), failed_by_its_speed) ? exit_pass : exit_fail;
}

// ---- what is said ----

std::string row(const Trial& trial) {
  const Check* p95 = p95_check(trial);
  std::string change = "-";
  if (p95 != nullptr && p95->change) change = report::change_text(p95->metric, *p95->change);
  if (p95 != nullptr && p95->interval)
    change += fmt::format(" ({})", report::interval_text(p95->metric, *p95->interval));
  const std::string got(service_failed(trial.result) ? "no service" : verdict::name(trial.verdict().outcome));
  return fmt::format("{:<26} {:<9} {:<13} {:<34} {:>6.1f} s {:>6.1f} s\n", trial.name, verdict::name(trial.expected),
                     got, change, trial.result.run.paired_s(), trial.result.run.wall_s);
}

std::string table(const std::vector<Trial>& trials) {
  std::string text = fmt::format("{:<26} {:<9} {:<13} {:<34} {:>8} {:>8}\n", "run", "expected", "got",
                                 "p95 change (interval)", "load", "time");
  for (const Trial& trial : trials) text += row(trial);
  return text;
}

// Why a run is not as it must be, in the verdict's own words.
std::string explanation(const Trial& trial) {
  const int code = code_of(trial);
  if (code == exit_pass) return "";
  const std::string_view what = code == exit_target         ? "the service failed"
                                : code == exit_inconclusive ? "could not be decided"
                                : trial.expected == Outcome::pass
                                    ? "an unchanged service fails here"
                                    : "the slowdown is not seen: a gate here would let it pass";
  std::string text = fmt::format("{}: {}\n", trial.name, what);
  const auto say = [&](const std::string& line) { text += "  " + visible(line) + "\n"; };
  for (const auto& reason : trial.verdict().reasons) say(report::reason_text(reason.cause, reason.figure));
  if (!trial.verdict().reasons.empty()) return text;  // that is what every check says, too
  for (const Check& check : trial.verdict().checks) {
    if (check.outcome != trial.verdict().outcome && check.metric != Metric::latency_p95) continue;
    say(fmt::format("{}: {}: {}", report::name_of(check, check.endpoint), verdict::name(check.outcome),
                    report::reason_text(check.cause, check.figure)));
  }
  return text;
}

std::string conclusion(int code) {
  if (code == exit_pass) return "The gate works here: the unchanged service passes, the slower one fails.\n";
  return code == exit_fail ? "The gate does not work here as it should.\n" : "";
}

int code_of(const std::vector<Trial>& trials) {
  if (const int signal = signal_received().load(); signal != 0) return 128 + signal;
  int code = exit_pass;
  for (const Trial& trial : trials) {
    const int one = code_of(trial);
    // Certainly wrong outranks undecided, as between the checks of a verdict.
    const bool stays = code == exit_fail && one == exit_inconclusive;
    const bool replaced = code == exit_inconclusive && one == exit_fail;
    code = stays ? code : replaced ? one : more_important(code, one);
  }
  return code;
}

}  // namespace

int run_selftest(const Words& words) {
  const Arguments arguments = parse_arguments(help, words, environment_variable);
  if (arguments.help) return fmt::print("{}", help_text(help)), exit_pass;

  config::Settings settings = against_itself(settings_of(arguments));
  if (arguments.budget) settings.plan.paired->budget = budget_of("--budget", *arguments.budget);
  std::vector<std::string> notes;
  keep_comparing_rules(settings.thresholds, notes);
  refuse_blinding_floor(settings);
  const config::Profile& profile = settings.plan.profile;
  const int connections =
      std::max(profile.closed.users, profile.open ? profile.open->connections : most_of_a_closed_model);
  load::ensure_descriptors(static_cast<std::uint64_t>(connections) * descriptors_per_connection + spare_descriptors);

  std::vector<Trial> trials;
  trials.push_back(play("unchanged", Outcome::pass, {}, settings, arguments.quiet));
  const bool service_is_there = !service_failed(trials.front().result);
  if (service_is_there && signal_received().load() == 0) {
    const Check* p95 = p95_check(trials.front());
    const Injection injection =
        injection_for(*p95_rule(settings.thresholds), p95 ? p95->baseline : std::nullopt, notes);
    trials.push_back(play("slower by " + injection.name, Outcome::fail, injection.slowdown, settings, arguments.quiet));
  }
  const int code = code_of(trials);
  if (!arguments.quiet || code != exit_pass) {
    fmt::print("{}\n", table(trials));
    for (const auto& note : notes) fmt::print("note: {}\n", note);
    for (const Trial& trial : trials) fmt::print("{}", explanation(trial));
    fmt::print("{}", conclusion(code));
    std::fflush(stdout);
  }
  say_exit(code, arguments.quiet);
  return code;
}

}  // namespace burstgate::cli

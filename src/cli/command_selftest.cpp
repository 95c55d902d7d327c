// Proof, here and with the user's own service, that the gate works: a service compared with itself passes, and fails
// when its answers are held back on one side, or some of them are errors. Both sides are reached through a proxy, so
// that the proxy drops out.
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
        "itself three times, side by side: as it is, which must pass; with its answers held back by 30 % on one side,\n"
        "which must fail; and with an error in the place of 3 % of the answers, which must fail, too. Both sides are\n"
        "reached through a small proxy inside burstgate that does this; the service sees its address in Host. Changes\n"
        "against the baseline are judged, not absolute limits. Takes up to a minute of load for each of the three,\n"
        "usually less. Exit 0: all came out as they must. 1: one did not, and it says which. 3: one could not be\n"
        "decided. 4: the service failed.",
    .example =
        "  burstgate selftest --config burstgate.yaml\n"
        "  burstgate selftest http://127.0.0.1:8080/ --budget 30s --thresholds thresholds/default.yaml",
    .takes_load = true,
    .tests_itself = true,
};

constexpr double usual_slowdown = 0.30;
constexpr double usual_error_share = 0.03;
constexpr double largest_error_share = 0.9;  // without any success it would be another failure
// An injected change this many times the limit and the floor is certainly beyond both.
constexpr double clearly = 1.5;
// A connection through a proxy has two ends more than one without; there are two sides.
constexpr std::uint64_t descriptors_per_connection = 3 * 2;
constexpr int most_of_a_closed_model = 256;  // connections of its latency phase
constexpr std::uint64_t spare_descriptors = 256;

[[noreturn]] void refuse(const std::string& where, std::string what, std::string hint) {
  throw Error(Trouble::usage, {.code = "E-015", .where = where, .what = std::move(what), .hint = std::move(hint)});
}

// The proxy has to read what it holds back.
void refuse_what_no_proxy_reads(const config::Service& service) {
  if (!service.is_tls() && service.http == config::HttpVersion::http1) return;
  refuse(service.place.text(), "selftest cannot hold back the answers of HTTPS or HTTP/2",
         "give it an address where the service speaks HTTP/1.1 in cleartext");
}

// ---- what is injected ----

// Nothing: no rule on the metric that can fail.
const config::RegressionRule* failing_rule(const config::Thresholds& thresholds, Metric metric) {
  for (const auto& rule : thresholds.total.regression) {
    if (rule.metric == metric && rule.fail) return &rule;
  }
  return nullptr;
}

double floor_of(const config::RegressionRule& rule) {
  return rule.floor.value_or(config::default_floor(rule.metric));
}

void complete_with_default(config::Thresholds& thresholds, Metric metric, std::string_view words,
                           std::vector<std::string>& notes) {
  if (failing_rule(thresholds, metric) != nullptr) return;
  std::erase_if(thresholds.total.regression, [&](const auto& rule) { return rule.metric == metric; });
  thresholds.total.regression.push_back(*failing_rule(config::default_thresholds(), metric));
  notes.push_back(
      fmt::format("{} has no {} rule that can fail: the default one is used here", thresholds.source, words));
}

// The rules that are put to the test: those about changes, with one for each injection that can fail.
void keep_comparing_rules(config::Thresholds& thresholds, std::vector<std::string>& notes) {
  thresholds.total.limits.clear();
  for (auto& [endpoint, rules] : thresholds.endpoints) rules.limits.clear();
  complete_with_default(thresholds, Metric::latency_p95, "p95", notes);
  complete_with_default(thresholds, Metric::error_rate, "error", notes);
}

struct Injection {
  target::Slowdown slowdown;
  std::string name;  // "slower by +30 %"
  Metric watched = Metric::latency_p95;
};

// +30 % where the rule can see it; otherwise more, and `notes` says why.
Injection slowdown_for(const config::RegressionRule& rule, std::optional<double> p95_us,
                       std::vector<std::string>& notes) {
  double share = usual_slowdown;
  if (clearly * *rule.fail > share * (1 + 1e-9)) {
    share = clearly * *rule.fail;
    notes.push_back(fmt::format("+30 % is not clearly beyond the p95 limit of {}: injected is {} instead",
                                report::change_text(rule.metric, *rule.fail), report::change_text(rule.metric, share)));
  }
  Injection injection{{.factor = 1 + share}, fmt::format("slower by +{:.3g} %", share * 100), rule.metric};
  const double floor_us = floor_of(rule);
  if (!p95_us || share * *p95_us >= clearly * floor_us) return injection;
  injection.slowdown.added = std::chrono::microseconds(static_cast<std::int64_t>(clearly * floor_us));
  const std::string added = config::to_text(injection.slowdown.added);
  notes.push_back(
      fmt::format("the p95 rule's floor of {} hides {} here: of a p95 of {} that is {}.\n"
                  "      Injected is {} more on every answer. A smaller floor sees smaller changes: burstgate\n"
                  "      calibrate proposes one.",
                  to_text(rule.metric, floor_us), report::change_text(rule.metric, share),
                  to_text(rule.metric, *p95_us), to_text(rule.metric, share * *p95_us), added));
  injection.name += " and " + added;
  return injection;
}

// 3 % errors where the rule can see them; otherwise more. `requests`: what the candidate answered in the first run.
Injection errors_for(const config::RegressionRule& rule, std::uint64_t requests, std::vector<std::string>& notes) {
  double share = std::max(usual_error_share, clearly * *rule.fail);
  if (requests > 0) share = std::max(share, clearly * floor_of(rule) / static_cast<double>(requests));
  share = std::min(share, largest_error_share);
  if (share > usual_error_share) {
    notes.push_back(fmt::format(
        "3 % errors are not clearly beyond the rule's limit and floor here: injected are {:.3g} %", share * 100));
  }
  return {{.error_share = share}, fmt::format("errors in {:.3g} %", share * 100), rule.metric};
}

// A limit that no share of errors can break leaves nothing to inject.
void refuse_blinding_limit(const config::Settings& settings) {
  const config::RegressionRule& rule = *failing_rule(settings.thresholds, Metric::error_rate);
  if (clearly * *rule.fail < largest_error_share) return;
  refuse(settings.thresholds.source,
         fmt::format("the error rule's limit of {} is beyond what a service that still answers could break",
                     report::change_text(rule.metric, *rule.fail)),
         "give a smaller one, e.g. error_rate: {fail: +0.5pp}");
}

// A floor that no answer in time can exceed leaves nothing to inject.
void refuse_blinding_floor(const config::Settings& settings) {
  const config::RegressionRule& rule = *failing_rule(settings.thresholds, Metric::latency_p95);
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
  Metric watched = Metric::latency_p95;
  PairedResult result;

  const verdict::Verdict& verdict() const { return result.verdict; }
};

Trial play(const Injection& injection, Outcome expected, const config::Settings& settings, bool quiet) {
  ProgressLine(quiet).say(fmt::format("{}: expected to {}", injection.name, verdict::name(expected)));
  Proxies proxies(injection.slowdown);
  PairedVariation through_proxies;
  through_proxies.front = [&](Side side, const std::string& url) { return proxies.put_before(side, url); };
  return {injection.name, expected, injection.watched, compare_side_by_side(settings, quiet, through_proxies)};
}

const Check* watched_check(const Trial& trial) {
  for (const Check& check : trial.verdict().checks) {
    if (check.metric == trial.watched && check.endpoint.empty()) return &check;
  }
  return nullptr;
}

// A slower service shows in more than its p95.
bool is_kin(Metric metric, Metric watched) {
  if (watched == Metric::error_rate) return metric == watched;
  return quantile(metric) || metric == Metric::latency_mean || metric == Metric::throughput;
}

// exit_pass: as it must be.
int code_of(const Trial& trial) {
  const verdict::Verdict& got = trial.verdict();
  if (service_failed(trial.result)) return exit_target;
  if (got.outcome == Outcome::inconclusive) return exit_inconclusive;
  if (trial.expected == Outcome::pass) return got.outcome == Outcome::fail ? exit_fail : exit_pass;
  const bool seen = std::any_of(got.checks.begin(), got.checks.end(), [&](const Check& check) {
    return is_kin(check.metric, trial.watched) && check.outcome == Outcome::fail;
  });
  return seen ? exit_pass : exit_fail;
}

// ---- what is said ----

std::string row(const Trial& trial) {
  const Check* check = watched_check(trial);
  std::string change = "-";
  if (check != nullptr && check->change) {
    const char* what = trial.watched == Metric::error_rate ? "errors" : "p95";
    change = fmt::format("{} {}", what, report::change_text(check->metric, *check->change));
  }
  if (check != nullptr && check->interval)
    change += fmt::format(" ({})", report::interval_text(check->metric, *check->interval));
  const std::string got(service_failed(trial.result) ? "no service" : verdict::name(trial.verdict().outcome));
  return fmt::format("{:<26} {:<9} {:<13} {:<38} {:>6.1f} s {:>6.1f} s\n", trial.name, verdict::name(trial.expected),
                     got, change, trial.result.run.paired_s(), trial.result.run.wall_s);
}

std::string table(const std::vector<Trial>& trials) {
  std::string text = fmt::format("{:<26} {:<9} {:<13} {:<38} {:>8} {:>8}\n", "run", "expected", "got",
                                 "change (interval)", "load", "time");
  for (const Trial& trial : trials) text += row(trial);
  return text;
}

// Why a run is not as it must be, in the verdict's own words.
std::string explanation(const Trial& trial) {
  const int code = code_of(trial);
  if (code == exit_pass) return "";
  const std::string_view what = code == exit_target               ? "the service failed"
                                : code == exit_inconclusive       ? "could not be decided"
                                : trial.expected == Outcome::pass ? "an unchanged service fails here"
                                : trial.watched == Metric::error_rate
                                    ? "the errors are not seen: a gate here would let them pass"
                                    : "the slowdown is not seen: a gate here would let it pass";
  std::string text = fmt::format("{}: {}\n", trial.name, what);
  const auto say = [&](const std::string& line) { text += "  " + visible(line) + "\n"; };
  for (const auto& reason : trial.verdict().reasons) say(report::reason_text(reason.cause, reason.figure));
  if (!trial.verdict().reasons.empty()) return text;  // that is what every check says, too
  for (const Check& check : trial.verdict().checks) {
    if (check.outcome != trial.verdict().outcome && check.metric != trial.watched) continue;
    say(fmt::format("{}: {}: {}", report::name_of(check, check.endpoint), verdict::name(check.outcome),
                    report::reason_text(check.cause, check.figure)));
  }
  return text;
}

std::string conclusion(int code) {
  if (code == exit_pass)
    return "The gate works here: the unchanged service passes, the slower and the failing one fail.\n";
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

std::vector<Trial> play_all(const config::Settings& settings, bool quiet, std::vector<std::string>& notes) {
  const auto rule = [&](Metric metric) { return *failing_rule(settings.thresholds, metric); };
  const auto may_go_on = [](const Trial& last) {
    return !service_failed(last.result) && signal_received().load() == 0;
  };
  std::vector<Trial> trials;
  trials.push_back(play({.slowdown = {}, .name = "unchanged"}, Outcome::pass, settings, quiet));
  if (!may_go_on(trials.back())) return trials;
  const Check* p95 = watched_check(trials.front());
  const Injection slower = slowdown_for(rule(Metric::latency_p95), p95 ? p95->baseline : std::nullopt, notes);
  trials.push_back(play(slower, Outcome::fail, settings, quiet));
  if (!may_go_on(trials.back())) return trials;
  const std::uint64_t requests = trials.front().result.candidate.total.counts.ok;
  trials.push_back(play(errors_for(rule(Metric::error_rate), requests, notes), Outcome::fail, settings, quiet));
  return trials;
}

}  // namespace

const CommandHelp& help_of_selftest() {
  return help;
}

int run_selftest(const Words& words) {
  const Arguments arguments = parse_arguments(help, words, environment_variable);
  if (arguments.help) return fmt::print("{}", help_text(help)), exit_pass;

  std::optional<std::chrono::microseconds> budget;
  if (arguments.budget) budget = budget_of("--budget", *arguments.budget);
  config::Settings settings = settings_against_itself(arguments, budget);
  refuse_what_no_proxy_reads(settings.plan.service);
  std::vector<std::string> notes;
  keep_comparing_rules(settings.thresholds, notes);
  refuse_blinding_floor(settings);
  refuse_blinding_limit(settings);
  const config::Profile& profile = settings.plan.profile;
  const int connections =
      std::max(profile.closed.users, profile.open ? profile.open->connections : most_of_a_closed_model);
  load::ensure_descriptors(static_cast<std::uint64_t>(connections) * descriptors_per_connection + spare_descriptors);

  const std::vector<Trial> trials = play_all(settings, arguments.quiet, notes);
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

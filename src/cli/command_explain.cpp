// How a saved result was judged, step by step; or, without one, every setting that is in force. Nothing is measured.
#include <fmt/format.h>

#include <algorithm>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/json_text.hpp"
#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/session.hpp"
#include "config/effective.hpp"
#include "report/explain.hpp"
#include "report/json_read.hpp"

namespace burstgate::cli {

namespace {

const CommandHelp help = {
    .name = "explain",
    .usage = "burstgate explain [RESULT | URL] [flags]",
    .about =
        "Without RESULT: every setting that a gate would use here, and where it comes from: a flag, the environment, a "
        "line\n"
        "of the YAML file, or the default. Takes the flags of gate about load, baseline and thresholds.\n"
        "\n"
        "With RESULT: how a saved result was judged: each check's numbers and limits, the questions its rule asked of "
        "them, "
        "and\n"
        "the answers; of a paired comparison also every look that was taken. Exit 0 when explained, whatever the "
        "verdict.\n"
        "With --thresholds it is judged again with other limits: what if.",
    .example =
        "  burstgate explain --profile pr --users 50\n"
        "  burstgate explain performance/results/burst_20260101_120000.json\n"
        "  burstgate explain performance/results/burst_20260101_120000.json --thresholds thresholds/strict.yaml",
    .takes_load = true,
    .takes_times = true,
    .takes_baseline = true,
    .takes_budget = true,
    .explains = true,
};

[[noreturn]] void refuse(const std::string& where, std::string what, std::string hint) {
  throw Error(Trouble::usage, {.code = "E-012", .where = where, .what = std::move(what), .hint = std::move(hint)});
}

report::Report read_judged(const std::string& path) {
  report::Report report = report::report_from_json(parse_json(read_file(path, max_json_bytes), path), path);
  if (!report.verdict) refuse(path, "there is no verdict in it", "compare judges it: burstgate compare BASE " + path);
  return report;
}

// The limits that a saved verdict was judged by: they stand in its checks.
config::Thresholds limits_of(const report::Report& report) {
  config::Thresholds thresholds;
  thresholds.source = report.thresholds_source;
  for (const verdict::Check& check : report.verdict->checks) {
    config::RuleSet& rules = check.endpoint.empty() ? thresholds.total : thresholds.endpoints[check.endpoint];
    if (check.kind == verdict::CheckKind::limit) {
      rules.limits.push_back({check.metric, check.limit_warn, check.limit_fail, check.place});
    } else {
      rules.regression.push_back({check.metric, check.limit_warn, check.limit_fail, check.floor, check.place});
    }
  }
  return thresholds;
}

verdict::Verdict judge_again(const report::Report& report, const config::Thresholds& thresholds) {
  return verdict::judge_paired(*report.paired, report.baseline.front(), report.candidate, thresholds);
}

// What if: the verdict with other limits, in the place of the saved one.
void replace_verdict(report::Report& report, const std::string& path, const config::Thresholds& thresholds) {
  using enum verdict::Comparison;
  const bool alone = report.verdict->comparison == none && report.baseline_file.empty();
  if (!report.paired && !alone) {
    refuse(path, "other limits need the baseline, which is not in this file",
           fmt::format("burstgate compare {} {} --thresholds {}",
                       report.baseline_file.empty() ? "BASE" : report.baseline_file, path, thresholds.source));
  }
  report.verdict = report.paired ? judge_again(report, thresholds) : verdict::judge_alone(report.candidate, thresholds);
  report.thresholds_source = thresholds.source;
}

// Whoever reads the steps must know when they are not those of the saved verdict.
bool agrees(const verdict::Verdict& a, const verdict::Verdict& b) {
  const auto same = [](const verdict::Check& x, const verdict::Check& y) {
    return x.metric == y.metric && x.endpoint == y.endpoint && x.outcome == y.outcome && x.cause == y.cause;
  };
  return a.outcome == b.outcome && std::equal(a.checks.begin(), a.checks.end(), b.checks.begin(), b.checks.end(), same);
}

std::string settings_table(const config::Settings& settings) {
  constexpr std::size_t widest_key = 44;
  constexpr std::size_t widest_value = 60;
  const std::vector<config::Setting> all = config::effective_settings(settings);
  std::size_t keys = 0, values = 0;
  for (const auto& [key, value, origin] : all) {
    keys = std::max(keys, std::min(widest_key, visible(key).size()));
    values = std::max(values, std::min(widest_value, visible(value).size()));
  }
  std::string text;
  for (const auto& [key, value, origin] : all) {
    text += fmt::format("{:<{}}  {:<{}}  {}\n", visible(key), keys, elided(visible(value), widest_value), values,
                        visible(origin));
  }
  for (const std::string& note : settings.notes) text += "note: " + visible(note) + "\n";
  return text;
}

bool is_url(const std::string& word) {
  return word.find("://") != std::string::npos;
}

// What the flags about load would change is in the result already.
void refuse_load_flags(const Arguments& arguments) {
  for (const config::Override& item : arguments.overrides) {
    if (!item.ambient && item.key != "thresholds") {
      refuse(item.origin, "does not go with RESULT", "leave it out; without RESULT the settings are explained");
    }
  }
  if (arguments.config_file)
    refuse("--config", "does not go with RESULT", "burstgate explain RESULT --thresholds FILE");
}

std::optional<std::string> asked_thresholds(const Arguments& arguments) {
  for (const config::Override& item : arguments.overrides) {
    if (item.key == "thresholds" && !item.ambient) return item.value;
  }
  return std::nullopt;
}

void explain_result(const Arguments& arguments) {
  refuse_load_flags(arguments);
  const std::string& path = arguments.positional.front();
  const auto asked = asked_thresholds(arguments);
  report::Report report = read_judged(path);
  config::Thresholds thresholds = limits_of(report);

  report::Explanation explanation;
  if (asked) {
    explanation.remarks.push_back(fmt::format("What if: judged with the limits of {}. With those of {} it was: {}.",
                                              *asked, report.thresholds_source, name(report.verdict->outcome)));
    thresholds = config::read_thresholds(*asked, environment_variable);
    replace_verdict(report, path, thresholds);
  } else if (report.paired && !agrees(judge_again(report, thresholds), *report.verdict)) {
    explanation.remarks.push_back(
        "Judged again from its rounds this file comes to another verdict than the one that is saved in it: it was "
        "changed, or written by another version. The looks below are today's.");
  }
  if (report.paired) {
    explanation.looks = verdict::paired_checks(*report.paired, report.candidate, thresholds).looks;
  }
  fmt::print("{}",
             report::render_explanation(report, explanation, stdout_in_color(arguments.color), stdout_in_unicode()));
}

}  // namespace

const CommandHelp& help_of_explain() {
  return help;
}

int run_explain(const Words& words) {
  const Arguments arguments = parse_arguments(help, words, environment_variable);
  if (arguments.help) return fmt::print("{}", help_text(help)), exit_pass;
  if (arguments.positional.size() > 1) {
    refuse("", fmt::format("{} files given", arguments.positional.size()), "burstgate explain RESULT");
  }
  if (arguments.positional.empty() || is_url(arguments.positional.front())) {
    fmt::print("{}", settings_table(settings_of(arguments)));
  } else {
    explain_result(arguments);
  }
  return exit_pass;
}

}  // namespace burstgate::cli

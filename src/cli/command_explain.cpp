// How a saved result was judged, step by step; nothing is measured.
#include <fmt/format.h>

#include <algorithm>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/json_text.hpp"
#include "cli/commands.hpp"
#include "cli/session.hpp"
#include "report/explain.hpp"
#include "report/json_read.hpp"

namespace burstgate::cli {

namespace {

const CommandHelp help = {
    .name = "explain",
    .usage = "burstgate explain RESULT [--thresholds FILE]",
    .about =
        "Says how a saved result was judged: each check's numbers and limits, the questions its rule asked of them, "
        "and\n"
        "the answers; of a paired comparison also every look that was taken. Exit 0 when explained, whatever the "
        "verdict.\n"
        "With --thresholds it is judged again with other limits: what if.",
    .example =
        "  burstgate explain performance/results/burst_20260101_120000.json\n"
        "  burstgate explain performance/results/burst_20260101_120000.json --thresholds thresholds/strict.yaml",
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

}  // namespace

int run_explain(const Words& words) {
  const Arguments arguments = parse_arguments(help, words, environment_variable);
  if (arguments.help) return fmt::print("{}", help_text(help)), exit_pass;
  if (arguments.positional.size() != 1) {
    refuse("", fmt::format("{} files given", arguments.positional.size()), "burstgate explain RESULT");
  }
  const std::string& path = arguments.positional.front();
  report::Report report = read_judged(path);
  config::Thresholds thresholds = limits_of(report);

  report::Explanation explanation;
  if (arguments.thresholds_file) {
    explanation.remarks.push_back(fmt::format("What if: judged with the limits of {}. With those of {} it was: {}.",
                                              *arguments.thresholds_file, report.thresholds_source,
                                              name(report.verdict->outcome)));
    thresholds = config::read_thresholds(*arguments.thresholds_file, environment_variable);
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
  return exit_pass;
}

}  // namespace burstgate::cli

// Take a saved run into the baseline file, as one of its runs or as the anchor; refuse what would spoil it.
#include <fmt/format.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/json_text.hpp"
#include "base/text.hpp"
#include "baseline/baseline.hpp"
#include "cli/acceptance.hpp"
#include "cli/commands.hpp"
#include "cli/messages.hpp"
#include "cli/numbers.hpp"
#include "cli/session.hpp"
#include "report/escape.hpp"
#include "report/json_read.hpp"
#include "verdict/outlier.hpp"

namespace burstgate::cli {

namespace {

constexpr std::size_t longest_name = 80;

const CommandHelp help = {
    .name = "promote",
    .usage = "burstgate promote RESULT --baseline FILE [flags]",
    .about =
        "Makes a saved run part of the baseline file (made if it is missing): one of the rolling runs, or with "
        "--anchor\n"
        "the pinned one that later runs are judged against as well. Refused when its verdict was fail (exit 1) or\n"
        "inconclusive (exit 3), or when it is an outlier among the recorded runs (exit 3): --accept \"reason\" takes "
        "it\n"
        "all the same, and the reason is written into the file. A run that is no measurement is never taken.",
    .example =
        "  burstgate promote performance/results/burst_20260101_120000.json --baseline perf/baseline.json\n"
        "  burstgate promote result.json --baseline perf/baseline.json --anchor v1.2.0\n"
        "  burstgate promote result.json --baseline perf/baseline.json --accept \"new index, slower writes are meant\"",
    .records = true,
    .own_flags = {accept_flag(),
                  {"--anchor", "NAME",
                   "pin the run under this name (a release); other names of its machine class and workload leave"},
                  {"--keep", "N", "afterwards keep the newest N runs of each machine class and workload"}},
};

[[noreturn]] void refuse(Trouble trouble, std::string where, std::string what, std::string hint) {
  throw Error(trouble, {.code = "E-036", .where = std::move(where), .what = std::move(what), .hint = std::move(hint)});
}

std::string baseline_path(const Arguments& arguments) {
  if (arguments.baseline_file) return *arguments.baseline_file;
  refuse(Trouble::usage, "", "no baseline file to promote into", "give --baseline perf/baseline.json");
}

report::Report read_result(const std::string& path) {
  const auto json = parse_json(read_file(path, max_json_bytes), path);
  if (!json.is_object() || !json.contains("schema") || json.contains("runs")) {
    refuse(Trouble::usage, path, "not a result of one run", "gate and run write one with --output FILE");
  }
  report::Report report = report::report_from_json(json, path);
  if (report.paired) {
    refuse(Trouble::inconclusive, path, "measured in turns with another build, which no later run will be",
           "burstgate record measures it alone");
  }
  return report;
}

// What cannot be compared with is no baseline, whoever accepts it.
void refuse_no_measurement(const std::string& path, const measure::Measurement& run) {
  config::Thresholds nothing;
  const verdict::Verdict verdict = verdict::judge_alone(run, nothing);
  if (verdict.reasons.empty() && !verdict.target_failed) return;
  const std::string why = verdict.reasons.empty() ? "the service failed" : verdict.reasons.front().figure;
  refuse(verdict.target_failed ? Trouble::target : Trouble::inconclusive, path, "no measurement: " + why,
         "measure again; --accept does not help here");
}

void refuse_twice(const std::string& path, const std::string& file, const measure::Measurement& run,
                  const std::vector<baseline::StoredRun>& stored) {
  for (std::size_t i = 0; i < stored.size(); ++i) {
    const measure::Measurement& other = stored[i].run;
    if (other.started_at_unix_s != run.started_at_unix_s || other.commit != run.commit ||
        other.workload.digest != run.workload.digest || other.duration_s != run.duration_s) {
      continue;
    }
    refuse(Trouble::usage, path, fmt::format("is in {} already, as run {}", file, i + 1), "one run counts once");
  }
}

// Why a run should not be taken without somebody's word; "" when nothing is wrong.
struct Objection {
  std::string why;
  int code = exit_inconclusive;
};

Objection objection_to(const report::Report& report, const std::vector<baseline::StoredRun>& stored) {
  std::vector<measure::Measurement> recorded;
  for (const baseline::StoredRun& one : stored) recorded.push_back(one.run);
  if (report.verdict && report.verdict->outcome == verdict::Outcome::fail) {
    return {"its verdict was fail", exit_fail};
  }
  if (report.verdict && report.verdict->outcome == verdict::Outcome::inconclusive) {
    return {"its verdict was inconclusive"};
  }
  if (const auto reason = verdict::outlier_reason(recorded, report.candidate)) {
    return {"it is an outlier: " + *reason};
  }
  return {};
}

baseline::Contents contents_of(const std::string& path) {
  if (!file_exists(path)) return {};
  return baseline::read_contents(parse_json(read_file(path, max_json_bytes), path), path);
}

int not_promoted(const std::string& path, const std::string& file, const Objection& objection) {
  print_error(Error(Trouble::inconclusive,
                    {.code = "E-036",
                     .where = path,
                     .what = "not promoted: " + objection.why,
                     .hint = fmt::format("{} is unchanged; if it is meant: --accept \"reason\"", file)}));
  say_exit(objection.code, false);
  return objection.code;
}

}  // namespace

const CommandHelp& help_of_promote() {
  return help;
}

int run_promote(const Words& words) {
  const Arguments arguments = parse_arguments(help, words, environment_variable);
  if (arguments.help) return fmt::print("{}", help_text(help)), exit_pass;
  if (arguments.positional.size() != 1) {
    refuse(Trouble::usage, "", fmt::format("{} files given", arguments.positional.size()),
           "burstgate promote RESULT --baseline FILE");
  }
  const std::string& path = arguments.positional.front();
  const std::string file = baseline_path(arguments);
  const std::string accepted = reason_to_accept(arguments);
  const std::string anchor = stated_text(arguments, "--anchor", longest_name);
  const auto keep = whole_number(arguments, "--keep", 1, baseline::max_runs);
  const report::Report report = read_result(path);
  const baseline::Contents contents = contents_of(file);

  refuse_no_measurement(path, report.candidate);
  if (anchor.empty()) refuse_twice(path, file, report.candidate, contents.runs);
  const Objection objection = objection_to(report, contents.runs);
  if (!objection.why.empty() && accepted.empty()) return not_promoted(path, file, objection);

  const baseline::StoredRun stored{report.candidate,
                                   accepted_promotion(report, path, objection.why.empty() ? "" : accepted)};
  std::string place;
  if (anchor.empty()) {
    place = fmt::format("run {}", baseline::append_run(file, stored, {.keep = keep}));
  } else {
    baseline::pin_anchor(file, anchor, stored);
    place = "the anchor " + anchor;
  }
  const std::string why =
      objection.why.empty() ? "" : fmt::format("; accepted although {}: {}", objection.why, accepted);
  const std::string line = fmt::format("promoted: {} is {} of {}{}", path, place, file, why);
  fmt::print("{}", report::defused(report::terminal_text(line, stdout_in_unicode()) + "\n"));
  return exit_pass;
}

}  // namespace burstgate::cli

// Read the history, choose the runs, look for trends, say them. Nothing is measured.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "baseline/history.hpp"
#include "cli/anchors.hpp"
#include "cli/commands.hpp"
#include "cli/numbers.hpp"
#include "cli/saved.hpp"
#include "cli/session.hpp"
#include "report/trend.hpp"

namespace burstgate::cli {

namespace {

const CommandHelp help = {
    .name = "trend",
    .usage = "burstgate trend DIR [flags]",
    .about =
        "Reads a folder of results and says of every operation where each figure went (improving, stable within 5 %,\n"
        "degrading), on which days it came to another level and between which commits, and how far it is from an\n"
        "anchor. Runs of one operation, profile, machine class and workload are one series. Figures of single runs "
        "are\n"
        "never judged here. Exit 0 unless --fail-on says otherwise: then 1, or 3 when there were too few runs to tell.",
    .example =
        "  burstgate trend performance/results --days 30\n"
        "  burstgate trend performance/results --operation checkout --branch main --html trend.html\n"
        "  burstgate trend performance/results --anchor perf/baseline.json --fail-on degrading",
    .own_flags = {{"--operation", "NAME", "only runs of this name"},
                  {"--days", "N", "only the last N days before the newest run"},
                  {"--profile", "NAME", "only runs of this profile"},
                  {"--branch", "NAME", "only runs of this branch"},
                  {"--pull-request", "N", "only runs of this pull request"},
                  {"--commit", "HASH", "only runs of this commit, by the beginning of its hash"},
                  {"--machine", "TEXT", "only runs on machines whose class has this text in it"},
                  {"--anchor", "FILE|HASH",
                   "what drift is measured from: the anchor of a baseline file, a result, or the runs of a commit "
                   "(default: the first 7 runs)"},
                  {"--fail-on", "degrading|change-point",
                   "exit 1 when a figure degrades (or drifted from --anchor); or changed for the worse and still is"},
                  {"--markdown", "FILE", "write Markdown here"},
                  {"--html", "FILE", "write a page with charts here"},
                  {"--json", "", "one JSON document on stdout instead of the text"},
                  {"--color", "auto|always|never", "colour of the text on stdout"}},
};

[[noreturn]] void refuse(std::string where, std::string what, std::string hint) {
  throw Error(Trouble::usage,
              {.code = "E-038", .where = std::move(where), .what = std::move(what), .hint = std::move(hint)});
}

std::optional<std::string> own_flag(const Arguments& arguments, const char* flag) {
  const auto found = arguments.own.find(flag);
  return found == arguments.own.end() ? std::nullopt : std::optional(found->second);
}

std::optional<int> days_of(const Arguments& arguments) {
  constexpr std::size_t most_days = 36'500;
  const auto days = whole_number(arguments, "--days", 1, most_days);
  return days ? std::optional(static_cast<int>(*days)) : std::nullopt;
}

enum class FailOn { nothing, degrading, change_point };

FailOn fail_on_of(const Arguments& arguments) {
  const auto text = own_flag(arguments, "--fail-on");
  if (!text) return FailOn::nothing;
  if (*text == "degrading") return FailOn::degrading;
  if (*text == "change-point") return FailOn::change_point;
  refuse("--fail-on", fmt::format("unknown value '{}'", elided(*text, 60)), "expected one of: degrading, change-point");
}

struct NamedFilter {
  const char* flag;
  const char* label;
  std::optional<std::string> baseline::RunFilter::*field;
};
constexpr NamedFilter named_filters[] = {
    {"--operation", "operation", &baseline::RunFilter::operation},
    {"--profile", "profile", &baseline::RunFilter::profile},
    {"--branch", "branch", &baseline::RunFilter::branch},
    {"--pull-request", "pull request", &baseline::RunFilter::pull_request},
    {"--commit", "commit", &baseline::RunFilter::commit},
    {"--machine", "machine", &baseline::RunFilter::machine},
};

// Results of other tools and flat summaries are part of a history as well.
void read_foreign(const std::string& folder, baseline::History& history) {
  std::vector<baseline::LeftOut> still_unread;
  for (const baseline::LeftOut& file : history.unread) {
    try {
      const auto runs = read_saved((std::filesystem::path(folder) / file.file).string());
      if (runs.size() != 1 || !runs.front().is_point()) throw Error(Trouble::usage, {.what = file.why});
      history.runs.push_back(measure::summary_of_run(runs.front(), file.file));
    } catch (const Error&) {
      still_unread.push_back(file);
    }
  }
  history.unread = std::move(still_unread);
  baseline::order_runs(history);
}

std::vector<measure::RunSummary> chosen_runs(const baseline::History& history, const Arguments& arguments,
                                             std::vector<std::string>& filters) {
  baseline::RunFilter filter;
  for (const auto& [flag, label, field] : named_filters) {
    filter.*field = own_flag(arguments, flag);
    if (filter.*field) filters.push_back(fmt::format("{} {}", label, *(filter.*field)));
  }
  std::vector<measure::RunSummary> runs;
  std::copy_if(history.runs.begin(), history.runs.end(), std::back_inserter(runs),
               [&](const measure::RunSummary& run) { return baseline::matches(run, filter); });
  return runs;
}

std::optional<verdict::Anchor> anchor_of(const Arguments& arguments, const std::vector<measure::RunSummary>& history) {
  const auto named = own_flag(arguments, "--anchor");
  if (!named) return std::nullopt;
  if (file_exists(*named)) return anchor_in_file(*named);
  verdict::Anchor anchor{"commit " + *named, {}};
  constexpr std::size_t fewest_digits = 4;
  for (const measure::RunSummary& run : history) {
    if (named->size() >= fewest_digits && run.complete && run.commit.starts_with(*named)) anchor.runs.push_back(run);
  }
  if (anchor.runs.empty()) {
    refuse("--anchor",
           fmt::format("'{}' is no file, and no run of such a commit is in the history", elided(*named, 80)),
           "name a baseline file, a result, or at least 4 digits of a commit");
  }
  return anchor;
}

std::vector<std::string> left_out_texts(const baseline::History& history) {
  std::vector<std::string> texts;
  const auto add = [&](const std::vector<baseline::LeftOut>& files, std::string_view what) {
    for (const auto& [file, why] : files) texts.push_back(fmt::format("{}{}: {}", file, what, why));
  };
  add(history.doubtful, "");
  add(history.copies, " is not counted");
  add(history.unread, " is not counted");
  return texts;
}

int code_of(const verdict::Trend& trend, FailOn fail_on) {
  if (fail_on == FailOn::nothing) return exit_pass;
  if (fail_on == FailOn::degrading ? verdict::has_degraded(trend) : verdict::has_lasting_shift(trend)) return exit_fail;
  return verdict::is_known(trend) ? exit_pass : exit_inconclusive;
}

bool write_files(Outputs& outputs, const report::TrendReport& report) {
  bool written = true;
  for (auto& [format, file] : outputs.reports) {
    const std::string text = format == "html" ? render_trend_html(report) : render_trend_markdown(report);
    written = commit_output(file, text) && written;
  }
  return written;
}

}  // namespace

const CommandHelp& help_of_trend() {
  return help;
}

int run_trend(const Words& words) {
  const Arguments arguments = parse_arguments(help, words, environment_variable);
  if (arguments.help) return fmt::print("{}", help_text(help)), exit_pass;
  if (arguments.positional.size() != 1) {
    refuse("", fmt::format("{} folders given", arguments.positional.size()), "burstgate trend performance/results");
  }
  const std::string& folder = arguments.positional.front();
  const FailOn fail_on = fail_on_of(arguments);
  const std::optional<int> days = days_of(arguments);
  baseline::History history = baseline::read_history(folder);
  read_foreign(folder, history);
  Outputs outputs = open_outputs(arguments, std::vector<std::string>{});

  report::TrendReport report;
  report.folder = folder;
  const auto runs = chosen_runs(history, arguments, report.filters);
  report.trend = verdict::trend_of(runs, {days, anchor_of(arguments, history.runs)});
  report.left_out = left_out_texts(history);

  bool written = write_files(outputs, report);
  written =
      print_output(arguments.json ? render_trend_json(report)
                                  : render_trend_text(report, stdout_in_color(arguments.color), stdout_in_unicode())) &&
      written;
  const int code =
      written ? code_of(report.trend, fail_on) : more_important(code_of(report.trend, fail_on), exit_output);
  if (code != exit_pass) say_exit(code, false);
  return code;
}

}  // namespace burstgate::cli

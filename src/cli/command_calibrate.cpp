// What the gate can see on this machine: the service is compared with itself, and the limits that fit are proposed.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/against_itself.hpp"
#include "cli/commands.hpp"
#include "cli/interrupt.hpp"
#include "cli/messages.hpp"
#include "cli/progress.hpp"
#include "cli/session.hpp"
#include "config/units.hpp"
#include "report/wording.hpp"
#include "verdict/calibration.hpp"
#include "verdict/paired.hpp"

namespace burstgate::cli {

namespace {

using verdict::LimitGrounds;
using verdict::MetricCalibration;

const CommandHelp help = {
    .name = "calibrate",
    .usage = "burstgate calibrate [URL] [flags]",
    .about =
        "Compares the service with itself on this machine, several times, each time with all of --duration (load on\n"
        "both copies together, default 12s), and prints for every metric: how much one round of slices differs for no\n"
        "reason, the largest change between identical builds, the smallest change that a paired comparison sees after\n"
        "10, 30 and 60 s of load, and limits that fit, as YAML for the thresholds file. Run it where the gate will "
        "run.\n"
        "Exit 0: done. 3: no run was a measurement. 4: the service failed.",
    .example =
        "  burstgate calibrate --config burstgate.yaml --output thresholds/default.yaml\n"
        "  burstgate calibrate http://127.0.0.1:8080/ --runs 8 --duration 20s",
    .takes_load = true,
    .calibrates = true,
};

constexpr int usual_runs = 5;
constexpr int most_runs = 100;
constexpr std::chrono::seconds usual_length{12};
const std::string schema_line = "# yaml-language-server: $schema=../schemas/thresholds.schema.json\n";

// ---- what is asked for ----

int runs_of(const Arguments& arguments) {
  if (!arguments.runs) return usual_runs;
  const std::string& text = *arguments.runs;
  int runs = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), runs);
  if (error == std::errc() && end == text.data() + text.size() && runs >= 1 && runs <= most_runs) return runs;
  throw Error(Trouble::usage, {.code = "E-013",
                               .where = "--runs",
                               .what = fmt::format("'{}' is no number of runs", text),
                               .hint = fmt::format("expected 1 to {}", most_runs)});
}

// ---- the runs ----

struct Played {
  std::vector<measure::PairedRun> runs;
  std::vector<std::string> left_out;  // and why
  bool service_failed = false;
};

std::string why_invalid(const PairedResult& result) {
  const auto reasons = verdict::paired_invalidity(result.run);
  return reasons.empty() ? "" : report::reason_text(reasons.front().cause, reasons.front().figure);
}

Played play(config::Settings settings, int runs, bool quiet) {
  Played played;
  for (int i = 0; i < runs && signal_received().load() == 0 && !played.service_failed; ++i) {
    ProgressLine(quiet).say(fmt::format("run {} of {}", i + 1, runs));
    PairedResult result = compare_side_by_side(settings, quiet, {.full_length = true});
    played.service_failed = service_failed(result);
    ++settings.plan.seed;
    const std::string reason = why_invalid(result);
    if (!reason.empty()) {
      played.left_out.push_back(fmt::format("run {} is left out: {}", i + 1, reason));
    } else if (!played.service_failed && signal_received().load() == 0) {
      played.runs.push_back(std::move(result.run));
    }
  }
  return played;
}

// ---- the table ----

std::string size_text(Metric metric, double worse_by) {
  const double points = 100 * worse_by;
  return kind(metric) == MetricKind::share ? fmt::format("{:.2f} pp", points) : fmt::format("{:.1f} %", points);
}

std::string limit_text(const MetricCalibration& row) {
  if (!row.limit) return "none";
  const char sign = kind(row.metric) == MetricKind::rate ? '-' : '+';
  return fmt::format("{}{:g}{}", sign, 100 * *row.limit, kind(row.metric) == MetricKind::share ? "pp" : "%");
}

std::string table_line(std::string_view metric, const std::array<std::string, 6>& cells, std::string_view proposed) {
  return fmt::format("{:<15} {:>9} {:>9} {:>9}   {:>8} {:>8} {:>8}   {}\n", metric, cells[0], cells[1], cells[2],
                     cells[3], cells[4], cells[5], proposed);
}

std::string table_of(const std::vector<MetricCalibration>& rows) {
  std::string text = fmt::format("{:<15} {:>9} {:>9} {:>9}   {:>20}\n", "", "", "noise of", "largest", "visible after");
  text += table_line("", {"now", "a round", "change", "10 s", "30 s", "60 s"}, "proposed");
  for (const auto& row : rows) {
    if (row.missing.cause != verdict::Cause::none) {
      text += table_line(name(row.metric), {"-", "-", "-", "-", "-", "-"}, "-");
      continue;
    }
    const auto size = [&](double worse_by) { return size_text(row.metric, worse_by); };
    text += table_line(name(row.metric),
                       {to_text(row.metric, row.value), size(row.noise), size(row.largest_change), size(row.visible[0]),
                        size(row.visible[1]), size(row.visible[2])},
                       limit_text(row));
  }
  return text;
}

// ---- the YAML ----

std::string grounds_text(const MetricCalibration& row) {
  const std::string largest = size_text(row.metric, row.largest_change);
  switch (row.grounds) {
    case LimitGrounds::smallest_share:
      return fmt::format("a quarter of the default limit; identical builds differ by {}", largest);
    case LimitGrounds::largest_change:
      return fmt::format("a quarter of it never alarms, and identical builds differ by {}", largest);
    case LimitGrounds::visibility:
      return fmt::format("{:g} s of load see {} and more", verdict::limit_visible_after_s,
                         size_text(row.metric, row.visible[1]));
    case LimitGrounds::none:
      break;
  }
  return "";
}

// Whole microseconds, with the unit that needs no fraction.
std::string floor_yaml(double floor_us) {
  return fmt::format("{:g}us", floor_us);
}

std::string yaml_line(const MetricCalibration& row) {
  const std::string key(name(row.metric));
  if (row.missing.cause != verdict::Cause::none) {
    return fmt::format("  # {}: no limit: {}\n", key, visible(row.missing.figure));
  }
  if (!row.limit) {
    return fmt::format("  # {}: no limit: identical builds differ by {}, and 60 s of load see {}\n", key,
                       size_text(row.metric, row.largest_change), size_text(row.metric, row.visible[2]));
  }
  // CPU time warns, as the rule does that every paired comparison has.
  const char* tier = row.metric == Metric::cpu_per_request ? "warn" : "fail";
  const std::string floor = row.floor ? fmt::format(", floor: {}", floor_yaml(*row.floor)) : "";
  const std::string rule = fmt::format("  {}: {{{}: {}{}}}", key, tier, limit_text(row), floor);
  std::string why = grounds_text(row);
  if (row.floor) why += "; the default floor would hide it";
  return fmt::format("{:<44} # {}\n", rule, why);
}

std::string yaml_of(const std::vector<MetricCalibration>& rows) {
  const bool any = std::any_of(rows.begin(), rows.end(), [](const auto& row) { return row.limit.has_value(); });
  std::string text = any ? "regression:\n" : "# nothing is proposed\n";
  for (const auto& row : rows) text += yaml_line(row);
  return text;
}

std::string as_comment(const std::string& text) {
  std::string commented;
  std::string_view rest = text;
  while (!rest.empty()) {
    const auto end = rest.find('\n');
    commented += fmt::format("# {}\n", rest.substr(0, end));
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  }
  return commented;
}

std::string heading(const Played& played, const config::Settings& settings) {
  std::string text = fmt::format("burstgate calibrate: the service compared with itself, {} runs of {} of load each\n",
                                 played.runs.size(), config::to_text(settings.plan.paired->budget));
  for (const auto& why : played.left_out) text += visible(why) + "\n";
  if (played.runs.front().single_launch) {
    text += "The service was not restarted in between: what one start differs from another is not in these figures.\n";
  }
  return text;
}

int say_nothing_measured(const Played& played, bool quiet) {
  for (const auto& why : played.left_out) print_stderr("{}\n", visible(why));
  const int signal = signal_received().load();
  const int code = signal != 0 ? 128 + signal : played.service_failed ? exit_target : exit_inconclusive;
  say_exit(code, quiet);
  return code;
}

}  // namespace

const CommandHelp& help_of_calibrate() {
  return help;
}

int run_calibrate(const Words& words) {
  const Arguments arguments = parse_arguments(help, words, environment_variable);
  if (arguments.help) return fmt::print("{}", help_text(help)), exit_pass;

  const int runs = runs_of(arguments);
  const auto length = arguments.length ? budget_of("--duration", *arguments.length) : usual_length;
  const config::Settings settings = settings_against_itself(arguments, length);
  std::vector<std::string> read;
  if (!settings.config_file.empty()) read.push_back(settings.config_file);
  Outputs outputs = open_outputs(arguments, read);

  const Played played = play(settings, runs, arguments.quiet);
  if (played.runs.empty() || played.service_failed || signal_received().load() != 0) {
    return say_nothing_measured(played, arguments.quiet);
  }
  const auto rows = verdict::calibrate(played.runs);
  const std::string table = heading(played, settings) + table_of(rows);
  const std::string yaml = schema_line + as_comment(table) + yaml_of(rows);
  if (outputs.result) outputs.result->commit(yaml);
  fmt::print("{}", outputs.result ? table : yaml);
  std::fflush(stdout);
  say_exit(exit_pass, arguments.quiet);
  return exit_pass;
}

}  // namespace burstgate::cli

// What stands in a baseline file, what changed between two of them, what may leave, and whether it is any good.
#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/json_text.hpp"
#include "base/text.hpp"
#include "cli/baseline_groups.hpp"
#include "cli/commands.hpp"
#include "cli/numbers.hpp"
#include "cli/session.hpp"
#include "report/escape.hpp"
#include "verdict/estimate.hpp"

namespace burstgate::cli {

namespace {

const CommandHelp help = {
    .name = "baseline",
    .usage = "burstgate baseline show|diff|prune|verify FILE [FILE] [flags]",
    .about =
        "show: the runs of a baseline file in groups (machine class and workload), its anchors, and who promoted "
        "what.\n"
        "diff OLD NEW: which runs came and went between two files, and where the medians of each group moved.\n"
        "prune: drops the oldest runs beyond --keep per group, those older than --days, or run --drop; anchors stay.\n"
        "verify: reads every byte and says which runs are no measurement, there twice, or outliers. Exit 0: none; 3.",
    .example =
        "  burstgate baseline show perf/baseline.json\n"
        "  burstgate baseline diff old.json perf/baseline.json\n"
        "  burstgate baseline prune perf/baseline.json --keep 20\n"
        "  burstgate baseline verify perf/baseline.json",
    .own_flags = {{"--keep", "N", "prune: of each machine class and workload the newest N runs stay"},
                  {"--days", "N", "prune: runs that are more than N days older than the newest one leave"},
                  {"--drop", "N", "prune: this run leaves, by its number in show"},
                  {"--dry-run", "", "prune: say what would leave, change nothing"}},
};

[[noreturn]] void refuse(std::string where, std::string what, std::string hint) {
  throw Error(Trouble::usage,
              {.code = "E-037", .where = std::move(where), .what = std::move(what), .hint = std::move(hint)});
}

baseline::Contents read_contents(const std::string& path) {
  const auto json = parse_json(read_file(path, max_json_bytes), path);
  if (!json.is_object() || !json.contains("schema")) refuse(path, "not a baseline file", "burstgate record makes one");
  return baseline::read_contents(json, path);
}

void say(const std::string& line) {
  fmt::print("{}", report::defused(report::terminal_text(line, stdout_in_unicode()) + "\n"));
}

std::string count(std::size_t n, std::string_view what) {
  return fmt::format("{} {}{}", n, what, n == 1 ? "" : "s");
}

int show(const std::string& path) {
  const baseline::Contents contents = read_contents(path);
  const std::vector<Group> groups = groups_of(contents);
  say(fmt::format("{}: {} in {}, {}", path, count(contents.runs.size(), "run"), count(groups.size(), "group"),
                  count(contents.anchors.size(), "pinned run")));
  for (const Group& group : groups) {
    say("");
    say(group.title);
    for (const auto& [number, stored] : group.runs) {
      say(fmt::format("  {:>3}  {}", number, run_line(stored->run)));
      if (const std::string promoted = promotion_text(*stored); !promoted.empty()) say("       " + promoted);
    }
    for (const baseline::Anchor* anchor : group.anchors) {
      say(fmt::format("  anchor {}: {}", visible(anchor->name), run_line(anchor->stored.run)));
      if (const std::string promoted = promotion_text(anchor->stored); !promoted.empty()) say("       " + promoted);
    }
    if (group.runs.size() < verdict::min_runs_for_spread) {
      say(fmt::format("  from {} runs on their own spread is used", verdict::min_runs_for_spread));
    }
  }
  return exit_pass;
}

using Runs = std::vector<const measure::Measurement*>;

bool is_same_run(const measure::Measurement& a, const measure::Measurement& b) {
  return a.started_at_unix_s == b.started_at_unix_s && a.commit == b.commit && a.duration_s == b.duration_s &&
         a.total.counts.ok == b.total.counts.ok;
}

Runs runs_of(const Group* group) {
  Runs runs;
  if (group == nullptr) return runs;
  for (const NumberedRun& one : group->runs) runs.push_back(&one.stored->run);
  return runs;
}

// Runs of `some` that are not among `others`.
Runs only_in(const Runs& some, const Runs& others) {
  Runs only;
  std::copy_if(some.begin(), some.end(), std::back_inserter(only), [&](const auto* run) {
    return std::none_of(others.begin(), others.end(), [&](const auto* other) { return is_same_run(*run, *other); });
  });
  return only;
}

std::string anchors_text(const Group* group) {
  std::vector<std::string> names;
  if (group != nullptr) {
    for (const baseline::Anchor* anchor : group->anchors) names.push_back(visible(anchor->name));
  }
  return names.empty() ? "none" : join(names, ", ");
}

// Whether anything differs.
bool say_difference(const Group* before, const Group* after) {
  const Runs was = runs_of(before), now = runs_of(after);
  const Runs gone = only_in(was, now), added = only_in(now, was);
  const std::string old_anchors = anchors_text(before), new_anchors = anchors_text(after);
  if (gone.empty() && added.empty() && old_anchors == new_anchors) return false;
  say((before != nullptr ? before : after)->title);
  for (const auto* run : gone) say("  - " + run_line(*run));
  for (const auto* run : added) say("  + " + run_line(*run));
  if (!was.empty() && !now.empty()) say("  medians: " + medians_text(was, now));
  if (old_anchors != new_anchors) say(fmt::format("  anchor: {} -> {}", old_anchors, new_anchors));
  return true;
}

// The group that holds runs which can be compared with those of `wanted`.
const Group* same_group(const std::vector<Group>& groups, const Group& wanted) {
  const auto first_run = [](const Group& group) -> const measure::Measurement& {
    return group.runs.empty() ? group.anchors.front()->stored.run : group.runs.front().stored->run;
  };
  const measure::Measurement& run = first_run(wanted);
  for (const Group& group : groups) {
    const measure::Measurement& other = first_run(group);
    if (other.workload.digest == run.workload.digest &&
        other.environment.machine_class() == run.environment.machine_class()) {
      return &group;
    }
  }
  return nullptr;
}

int diff(const std::string& before_path, const std::string& after_path) {
  const baseline::Contents was = read_contents(before_path), now = read_contents(after_path);
  const std::vector<Group> before = groups_of(was), after = groups_of(now);
  bool differs = false;
  for (const Group& group : before) differs = say_difference(&group, same_group(after, group)) || differs;
  for (const Group& group : after) {
    if (same_group(before, group) == nullptr) differs = say_difference(nullptr, &group) || differs;
  }
  if (!differs) say("the same runs and anchors");
  return exit_pass;
}

int prune(const Arguments& arguments, const std::string& path) {
  constexpr std::size_t most_days = 36'500;
  baseline::PruneRule rule;
  rule.keep = whole_number(arguments, "--keep", 1, baseline::max_runs);
  rule.days = whole_number(arguments, "--days", 1, most_days);
  rule.drop = whole_number(arguments, "--drop", 1, baseline::max_runs);
  rule.dry_run = arguments.dry_run;
  if (!rule.keep && !rule.days && !rule.drop) refuse("", "nothing to go by", "give --keep N, --days N or --drop N");
  const baseline::Contents contents = read_contents(path);
  const std::vector<std::size_t> left = baseline::prune(path, rule);
  for (const std::size_t number : left) {
    say(fmt::format("  - {:>3}  {}", number, run_line(contents.runs.at(number - 1).run)));
  }
  say(fmt::format("{}: {} of {} {}", path, left.size(), count(contents.runs.size(), "run"),
                  rule.dry_run ? "would leave" : "left"));
  return exit_pass;
}

int verify(const std::string& path) {
  const baseline::Contents contents = read_contents(path);
  const std::vector<std::string> troubles = troubles_of(contents);
  for (const std::string& trouble : troubles) say(fmt::format("{}: {}", path, trouble));
  if (!troubles.empty()) {
    say_exit(exit_inconclusive, false);
    return exit_inconclusive;
  }
  say(fmt::format("{}: ok ({})", path, count(contents.runs.size(), "run")));
  return exit_pass;
}

struct Action {
  const char* name;
  std::size_t files;
  std::function<int(const Arguments&, const std::vector<std::string>& files)> run;
};

const std::vector<Action>& actions() {
  static const std::vector<Action> table = {
      {"show", 1, [](const Arguments&, const auto& files) { return show(files[0]); }},
      {"diff", 2, [](const Arguments&, const auto& files) { return diff(files[0], files[1]); }},
      {"prune", 1, [](const Arguments& arguments, const auto& files) { return prune(arguments, files[0]); }},
      {"verify", 1, [](const Arguments&, const auto& files) { return verify(files[0]); }},
  };
  return table;
}

}  // namespace

const CommandHelp& help_of_baseline() {
  return help;
}

int run_baseline(const Words& words) {
  const Arguments arguments = parse_arguments(help, words, environment_variable);
  if (arguments.help) return fmt::print("{}", help_text(help)), exit_pass;
  const std::string wanted = arguments.positional.empty() ? "" : arguments.positional.front();
  std::vector<std::string> names;
  for (const Action& action : actions()) {
    names.emplace_back(action.name);
    if (wanted != action.name) continue;
    const std::vector<std::string> files(arguments.positional.begin() + 1, arguments.positional.end());
    if (files.size() != action.files) {
      refuse("", fmt::format("{} files given", files.size()),
             fmt::format("burstgate baseline {} {}", action.name, action.files == 2 ? "OLD NEW" : "FILE"));
    }
    if (wanted != "prune" && !arguments.own.empty()) {
      refuse(arguments.own.begin()->first, "only for prune", "leave it out");
    }
    return action.run(arguments, files);
  }
  const std::string near = did_you_mean(wanted, names);
  refuse(wanted, wanted.empty() ? "what to do with the file?" : "no such action",
         near.empty() ? "expected one of: " + join(names, ", ") : near);
}

}  // namespace burstgate::cli

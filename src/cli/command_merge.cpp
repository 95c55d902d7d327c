// Results of several generators that loaded a service at the same time, as one. Nothing is judged.
#include <fmt/format.h>

#include <filesystem>
#include <set>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/json_text.hpp"
#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/outputs.hpp"
#include "cli/saved.hpp"
#include "cli/session.hpp"
#include "measure/merge.hpp"
#include "measure/result_json.hpp"
#include "report/escape.hpp"

namespace burstgate::cli {

namespace {

const CommandHelp help = {
    .name = "merge",
    .usage = "burstgate merge FILE FILE... --output FILE",
    .about =
        "Adds up results of the same workload that several generators made at the same time, ours or imported ones:\n"
        "counts and histograms exactly, over the longest duration. The sum is compared with sums of as many.",
    .example = "  burstgate merge shard-1.json shard-2.json shard-3.json --output all.json",
    .own_flags = {{"--output", "FILE", "the file that is written (default: stdout)"}},
};

[[noreturn]] void refuse(std::string where, std::string what, std::string hint) {
  throw Error(Trouble::usage,
              {.code = "E-011", .where = std::move(where), .what = std::move(what), .hint = std::move(hint)});
}

// A shard that is given twice would count twice.
void check_each_once(const std::vector<std::string>& paths) {
  std::set<std::string> seen;
  for (const std::string& path : paths) {
    std::error_code ignored;
    const std::string canonical = std::filesystem::weakly_canonical(path, ignored).string();
    if (!seen.insert(canonical).second) refuse(path, "the same file is given twice", "give each shard once");
  }
}

}  // namespace

const CommandHelp& help_of_merge() {
  return help;
}

int run_merge(const Words& words) {
  const Arguments arguments = parse_arguments(help, words, environment_variable);
  if (arguments.help) return fmt::print("{}", help_text(help)), exit_pass;
  const std::vector<std::string>& paths = arguments.positional;
  if (paths.size() < 2) refuse("", fmt::format("{} files given", paths.size()), "burstgate merge FILE FILE...");
  check_distinct(arguments.output_file ? std::vector{*arguments.output_file} : std::vector<std::string>{}, paths);
  check_each_once(paths);
  std::vector<measure::Measurement> shards;
  for (const std::string& path : paths) {
    std::vector<measure::Measurement> runs = read_saved(path);
    if (runs.size() != 1) refuse(path, fmt::format("holds {} runs", runs.size()), "a shard is one result");
    shards.push_back(std::move(runs.front()));
  }
  if (const auto misfit = measure::not_one_run(shards)) {
    refuse(paths[misfit->index], misfit->why, "shards are of one run: the same workload at the same time");
  }
  const measure::Measurement sum = measure::merge_shards(shards);
  const std::string json = dump_json(measure::to_json(sum), 2) + "\n";
  if (!arguments.output_file) return fmt::print("{}", json), exit_pass;
  replace_file(*arguments.output_file, json);
  fmt::print("{}", report::defused(fmt::format("{} requests of {} files; written: {}\n", sum.total.counts.started,
                                               shards.size(), visible(*arguments.output_file))));
  return exit_pass;
}

}  // namespace burstgate::cli

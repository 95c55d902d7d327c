// Other tools' results in our form: read, said what was read, written. Nothing is judged.
#include <fmt/format.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/json_text.hpp"
#include "base/text.hpp"
#include "baseline/baseline.hpp"
#include "cli/commands.hpp"
#include "cli/import_limits.hpp"
#include "cli/messages.hpp"
#include "cli/outputs.hpp"
#include "cli/saved.hpp"
#include "cli/session.hpp"
#include "measure/result_json.hpp"
#include "report/escape.hpp"

namespace burstgate::cli {

namespace {

using measure::Measurement;

const CommandHelp help = {
    .name = "import",
    .usage = "burstgate import FILE... [--output FILE]",
    .about =
        "Reads results of other tools (k6, Locust, JMeter, wrk, wrk2, ab, hey, oha, vegeta, autocannon, h2load, "
        "fortio,\n"
        "Gatling, Artillery, siege, pgbench, redis-benchmark, Google Benchmark, hyperfine, HdrHistogram logs), says "
        "what\n"
        "is in them and what is missing, and writes them in burstgate's form: one file as a result, several as the "
        "runs\n"
        "of a baseline. A file is recognised by its content. `burstgate compare` reads the same files directly.",
    .example =
        "  burstgate import summary.json --output performance/results/k6.json\n"
        "  burstgate import monday.jtl tuesday.jtl wednesday.jtl --output perf/baseline.json",
    .own_flags = {{"--output", "FILE", "the file that is written (default, of one file: stdout)"},
                  {"--value-unit", "ns|us|ms|s", "unit of the values in an HdrHistogram log, which does not tell it"}},
};

std::vector<Measurement> read_all(const Arguments& arguments) {
  const auto unit = value_unit_us(arguments.value_unit);
  std::vector<Measurement> runs;
  for (const std::string& path : arguments.positional) {
    std::vector<Measurement> saved = read_saved(path, unit);
    if (saved.size() != 1 || (!is_imported(saved[0]) && !saved[0].workload.fields.empty())) {
      throw Error(Trouble::usage, {.code = "E-010",
                                   .where = path,
                                   .what = "is a burstgate file already",
                                   .hint = "compare, report and record take it as it is"});
    }
    runs.push_back(std::move(saved.front()));
  }
  return runs;
}

std::string figures_text(const measure::EndpointResult& endpoint, double duration_s) {
  std::vector<std::string> figures;
  for (const Metric metric : all_metrics) {
    const auto value = measure::value_of(endpoint, metric, duration_s);
    if (value) figures.push_back(fmt::format("{} {}", name(metric), to_text(metric, *value)));
  }
  return figures.empty() ? "no figures of all together" : join(figures, ", ");
}

std::string description(const std::string& path, const Measurement& run) {
  std::string text = fmt::format("{}: {}\n", visible(path), figures_text(run.total, run.duration_s));
  constexpr std::size_t most_shown = 20;
  for (std::size_t i = 0; i < run.endpoints.size() && i < most_shown; ++i) {
    const auto& endpoint = run.endpoints[i];
    text += fmt::format("  {}: {}\n", visible(elided(endpoint.name, 80)), figures_text(endpoint, run.duration_s));
  }
  if (run.endpoints.size() > most_shown) text += fmt::format("  and {} more\n", run.endpoints.size() - most_shown);
  for (const std::string& note : run.notes) text += fmt::format("  note: {}\n", visible(note));
  return text;
}

void write(const std::string& path, const std::vector<Measurement>& runs) {
  if (runs.size() == 1) {
    replace_file(path, dump_json(measure::to_json(runs.front()), 2) + "\n");
    return;
  }
  for (std::size_t i = 0; i < runs.size(); ++i) baseline::append_run(path, runs[i], /*replace=*/i == 0);
}

}  // namespace

const CommandHelp& help_of_import() {
  return help;
}

int run_import(const Words& words) {
  const Arguments arguments = parse_arguments(help, words, environment_variable);
  if (arguments.help) return fmt::print("{}", help_text(help)), exit_pass;
  const auto refuse = [](std::string what, std::string hint) {
    throw Error(Trouble::usage, {.code = "E-010", .where = "", .what = std::move(what), .hint = std::move(hint)});
  };
  if (arguments.positional.empty()) refuse("no file given", "burstgate import FILE...");
  if (arguments.positional.size() > 1 && !arguments.output_file) {
    refuse("several files, and nowhere to write them", "add --output FILE: a baseline with one run of each");
  }
  if (arguments.positional.size() > baseline::max_runs) {
    refuse(fmt::format("{} files; a baseline holds at most {} runs", arguments.positional.size(), baseline::max_runs),
           "");
  }
  if (arguments.output_file) check_distinct({*arguments.output_file}, arguments.positional);
  const std::vector<Measurement> runs = read_all(arguments);

  std::string text;
  for (std::size_t i = 0; i < runs.size(); ++i) text += description(arguments.positional[i], runs[i]);
  if (!arguments.output_file) {
    print_stderr("{}", text);
    fmt::print("{}\n", dump_json(measure::to_json(runs.front()), 2));
    return exit_pass;
  }
  write(*arguments.output_file, runs);
  fmt::print("{}", report::defused(text + fmt::format("written: {}\n", visible(*arguments.output_file))));
  return exit_pass;
}

}  // namespace burstgate::cli

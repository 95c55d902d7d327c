// The whole story on the built-in service: record a baseline, gate an unchanged build, gate one that is 30 % slower.
// Runs the real commands, as a user would type them.
#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/interrupt.hpp"

namespace burstgate::cli {

namespace {

const CommandHelp help = {
    .name = "demo",
    .usage = "burstgate demo [FOLDER]",
    .about =
        "Records a baseline of the built-in service, gates an unchanged build (pass) and a build that is 30 % slower\n"
        "(fail), and leaves configuration, baseline and reports in FOLDER (default: burstgate-demo). Takes half a\n"
        "minute. Exit 0 when both verdicts came out as they should.",
    .example = "  burstgate demo",
};

constexpr int recorded_runs = 5;

std::string own_path() {
  std::error_code ignored;
  const auto path = std::filesystem::read_symlink("/proc/self/exe", ignored);
  return path.empty() ? "burstgate" : path.string();
}

// The configuration of one build: only the slowdown differs.
std::string config_text(double slowdown) {
  return fmt::format(
      "# yaml-language-server: $schema=../schemas/burstgate.schema.json\n"
      "operation: demo\n"
      "service:\n"
      "  command: [\"{}\", serve, --port, \"{{port}}\", --slowdown, \"{}\",\n"
      "            --endpoint, \"path=/chat time=lognormal(20ms,0.2) bytes=512\"]\n"
      "  url: http://127.0.0.1:{{port}}\n"
      "  ready: {{get: /_ready, within: 10s}}\n"
      "baseline: {{file: baseline.json}}\n"
      "workload:\n"
      "  scenarios:\n"
      "    - {{name: chat, steps: [{{get: /chat, name: chat}}]}}\n"
      "profiles:\n"
      "  pr: {{users: 16, duration: 3s, warmup: 500ms}}\n",
      own_path(), slowdown);
}

void write(const std::filesystem::path& path, const std::string& text) {
  std::ofstream(path) << text;
}

void announce(int step, const std::string& text) {
  fmt::print("\n== {}. {}\n\n", step, text);
  std::fflush(stdout);
}

int gate(const std::string& name) {
  return run_gate({"--config", name + ".yaml", "--output", name + ".json", "--junit", name + ".junit.xml", "--markdown",
                   name + ".md", "--html", name + ".html"});
}

}  // namespace

const CommandHelp& help_of_demo() {
  return help;
}

int run_demo(const Words& words) {
  const Arguments arguments = parse_arguments(help, words, environment_variable);
  if (arguments.help) return fmt::print("{}", help_text(help)), exit_pass;
  const std::filesystem::path folder = arguments.positional.empty() ? "burstgate-demo" : arguments.positional.front();
  std::filesystem::create_directories(folder);
  std::filesystem::current_path(folder);
  write("unchanged.yaml", config_text(1.0));
  write("slower.yaml", config_text(1.3));
  std::filesystem::remove("baseline.json");

  announce(1, fmt::format("record a baseline: {} runs of today's build", recorded_runs));
  for (int run = 1; run <= recorded_runs; ++run) {
    fmt::print("$ burstgate record --config unchanged.yaml   # run {} of {}\n", run, recorded_runs);
    std::fflush(stdout);
    const int code =
        run_record({"--config", "unchanged.yaml", "--quiet", "--output", fmt::format("recorded-{}.json", run)});
    if (code != exit_pass) return code;
  }

  announce(2, "gate an unchanged build: expected to pass\n\n$ burstgate gate --config unchanged.yaml");
  const int unchanged = gate("unchanged");
  if (signal_received() != 0) return unchanged;
  announce(3, "gate a build that is 30 % slower: expected to fail\n\n$ burstgate gate --config slower.yaml");
  const int slower = gate("slower");
  if (signal_received() != 0) return slower;

  const bool as_expected = unchanged == exit_pass && slower == exit_fail;
  fmt::print("\nunchanged build: exit {} ({})\n30 % slower:     exit {} ({})\nreports:         {}\n", unchanged,
             exit_meaning(unchanged), slower, exit_meaning(slower), std::filesystem::current_path().string());
  if (!as_expected) fmt::print("this is not what should have come out; the reports say why\n");
  return as_expected ? exit_pass : exit_inconclusive;
}

}  // namespace burstgate::cli

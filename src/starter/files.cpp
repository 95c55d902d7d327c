#include "starter/files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/json_text.hpp"
#include "base/text.hpp"

namespace burstgate::starter {

namespace {

constexpr std::size_t longest_comment = 150;
constexpr std::size_t most_left_out = 20;
constexpr int base_port = 18081;  // of the base build in the workflow
constexpr const char* action = "YOUR_ORG/burstgate@v0.1.0";

std::string modeline(const std::string& schema) {
  return "# yaml-language-server: $schema=" + schema + "\n";
}

std::string comment(const std::string& text, const std::string& indent = "") {
  return indent + "# " + elided(visible(text), longest_comment) + "\n";
}

// What an operation may be called: a part of file names.
std::string operation_name(const std::string& name) {
  std::string plain;
  for (const char c : name.substr(0, 60)) {
    const bool fits =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-';
    plain += fits ? c : '-';
  }
  return plain.empty() || plain.front() == '.' ? "service" : plain;
}

std::string quoted_list(const std::vector<std::string>& words) {
  std::vector<std::string> quoted;
  for (const std::string& word : words) quoted.push_back(yaml_quoted(word));
  return "[" + join(quoted, ", ") + "]";
}

// A dollar begins a variable in settings.
std::string setting(std::string text) {
  for (auto at = text.find('$'); at != std::string::npos; at = text.find('$', at + 2)) text.insert(at, "$");
  return yaml_quoted(text);
}

std::string ready_path(const Found& found) {
  if (found.start && !found.start->health.empty()) return found.start->health;
  if (found.api && !found.api->steps.empty()) {
    for (const SafeStep& step : found.api->steps) {
      for (const char* known : {"/health", "/healthz", "/ready", "/ping"}) {
        if (step.path.ends_with(known)) return step.path;
      }
    }
    return found.api->steps.front().path;
  }
  return "/";
}

std::string service_section(const Found& found) {
  std::string text = "service:\n";
  if (!found.start) {
    text += comment("No file here says how the service is started. Start it yourself, or write", "  ");
    text += "  # command: [./build/server, --port, \"{port}\"]   # and the url with {port}\n";
    return text + "  url: http://127.0.0.1:8080\n";
  }
  const Start& start = *found.start;
  text += comment("From " + start.from + ".", "  ");
  if (!start.command.empty())
    text += "  command: " + quoted_list(start.command) + "   # no shell; stopped at the end\n";
  text += fmt::format("  url: http://127.0.0.1:{}\n", start.port ? std::to_string(*start.port) : "{port}");
  return text + fmt::format("  ready: {{get: {}, within: 30s}}   # answers 2xx once it may be used\n",
                            setting(ready_path(found)));
}

std::string left_out_comments(const Api& api) {
  std::string text;
  const std::size_t shown = std::min(most_left_out, api.left_out.size());
  if (shown > 0) text += comment("Not proposed, of " + api.file + ":", "        ");
  for (std::size_t i = 0; i < shown; ++i) text += comment("  " + api.left_out[i], "        ");
  if (shown < api.left_out.size()) {
    text += comment(fmt::format("  and {} more", api.left_out.size() - shown), "        ");
  }
  if (api.beyond > 0) text += comment(fmt::format("{} more GET operations would do as well", api.beyond), "        ");
  if (api.unsafe > 0) {
    text += comment(
        fmt::format("may change something, so not proposed: {}. Add what may be sent a thousand times.", api.unsafe),
        "        ");
  }
  return text;
}

std::string workload_section(const Found& found) {
  std::string text =
      "workload:\n"
      "  # headers: {Authorization: \"Bearer ${API_TOKEN}\"}   # secrets come from the environment\n"
      "  scenarios:\n"
      "    - name: browse\n"
      "      wait: 5ms..15ms                 # of a user between two rounds\n"
      "      steps:\n";
  if (!found.api || found.api->steps.empty()) text += "        - {get: /, name: home}\n";
  if (!found.api) return text;
  for (const SafeStep& step : found.api->steps) {
    const std::string name = step.name.empty() ? "" : ", name: " + yaml_quoted(step.name);
    text += fmt::format("        - {{get: {}{}}}\n", setting(step.path), name);
  }
  return text + left_out_comments(*found.api);
}

std::string config_text(const Found& found, const std::string& schemas) {
  std::string text = modeline(schemas + "/burstgate.schema.json");
  text +=
      "# What burstgate sends to this service, and what it compares with. Written by `burstgate init`; yours from now "
      "on.\n"
      "#\n"
      "#   burstgate validate     # every mistake at once\n"
      "#   burstgate record       # makes the baseline; best five times, on the machine that gates\n"
      "#   burstgate gate         # exit 0: nothing got worse\n";
  for (const std::string& remark : found.remarks) text += comment("Note: " + remark);
  text += fmt::format("operation: {}\n\n", yaml_quoted(operation_name(found.name)));
  text += service_section(found);
  text +=
      "\nbaseline:\n"
      "  file: perf/baseline.json            # runs of this machine; another machine needs its own\n"
      "\n";
  text += workload_section(found);
  text +=
      "\nprofiles:                             # --profile NAME chooses; the first is the default\n"
      "  pr: {users: 10, duration: 10s, warmup: 2s}\n"
      "  nightly: {rate: 50/s, duration: 2m, warmup: 5s}   # arrivals at a fixed rate, whatever the service does\n"
      "\n"
      "thresholds: thresholds/default.yaml\n";
  return text;
}

std::string thresholds_text(const std::string& schemas) {
  return modeline(schemas + "/thresholds.schema.json") +
         "# When the gate fails (exit 1) and when it only warns. `burstgate calibrate` proposes limits for this "
         "machine.\n"
         "regression:                     # against the baseline; percentages say how much worse\n"
         "  latency_p95: {warn: +10%, fail: +20%, floor: 1ms}   # less than the floor never matters\n"
         "  throughput: {warn: -7.5%, fail: -15%}\n"
         "  error_rate: {fail: +0.5pp, floor: 3}                # percentage points, and at least 3 errors\n"
         "\n"
         "limits:                         # of the run itself, with or without a baseline\n"
         "  error_rate: {fail: 1%}\n"
         "  # latency_p95: {warn: 400ms, fail: 500ms}\n";
}

// ---- the workflow ----

std::string run_step(const std::string& name, const std::vector<std::string>& lines) {
  std::string text = "      - name: " + name + "\n        run: |\n";
  for (const std::string& line : lines) text += "          " + line + "\n";
  return text;
}

// The command with the base build's port, for a shell. Its words are plain.
std::string base_command(const Start& start) {
  std::string line = join(start.command, " ");
  const auto at = line.find("{port}");
  return line.replace(at, 6, std::to_string(base_port));
}

std::string both_builds(const Start& start, const std::string& ready) {
  std::string text =
      "      - uses: actions/checkout@v5\n"
      "        with: {ref: \"${{ github.event.pull_request.base.sha }}\", path: base, persist-credentials: false}\n";
  std::vector<std::string> lines = start.build;
  for (const std::string& line : start.build) lines.push_back("(cd base && " + line + ")");
  if (!lines.empty()) text += run_step("Build both", lines);
  return text + run_step("Start the base build",
                         {"cd base", base_command(start) + " > \"$RUNNER_TEMP/base.log\" 2>&1 &",
                          fmt::format("curl --fail --silent --show-error --output /dev/null --retry 30 --retry-delay 1 "
                                      "--retry-connrefused 'http://127.0.0.1:{}{}'",
                                      base_port, ready)});
}

std::string workflow_text(const Found& found) {
  const bool paired = found.start && !found.start->command.empty() && !found.start->port;
  std::string text = modeline("https://json.schemastore.org/github-workflow.json");
  text +=
      paired
          ? "# Each pull request against its base: both are built here and get the load by turns.\n"
          : "# Each pull request against perf/baseline.json, which has to be recorded on such a machine: exit 3 until\n"
            "# then.\n";
  text +=
      "name: burstgate\n"
      "on: {pull_request: {}}\n"
      "permissions: {contents: read}\n"
      "concurrency: {group: \"burstgate-${{ github.ref }}\", cancel-in-progress: true}\n"
      "jobs:\n"
      "  gate:\n"
      "    runs-on: ubuntu-latest\n"
      "    timeout-minutes: 20\n";
  if (paired) text += fmt::format("    env: {{BURSTGATE_BASELINE: \"http://127.0.0.1:{}\"}}\n", base_port);
  text += "    steps:\n      - uses: actions/checkout@v5\n        with: {persist-credentials: false}\n";
  if (found.start && !found.start->node_version.empty()) {
    text += fmt::format("      - uses: actions/setup-node@v4\n        with: {{node-version: \"{}\"}}\n",
                        found.start->node_version);
  }
  if (paired) {
    text += both_builds(*found.start, ready_path(found));
  } else if (found.start && !found.start->build.empty()) {
    text += run_step("Build", found.start->build);
  }
  return text + fmt::format("      - uses: {}   # burstgate's repository: runs `burstgate gate` with burstgate.yaml\n",
                            action);
}

}  // namespace

std::string yaml_quoted(const std::string& text) {
  // JSON in ASCII is YAML as well: no line ends, no controls, and nothing that looks like something else.
  return nlohmann::json(text).dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
}

std::vector<StarterFile> starter_files(const Found& found, const std::string& schemas) {
  return {{"burstgate.yaml", config_text(found, schemas)},
          {"thresholds/default.yaml", thresholds_text(schemas)},
          {".github/workflows/burstgate.yml", workflow_text(found)}};
}

}  // namespace burstgate::starter

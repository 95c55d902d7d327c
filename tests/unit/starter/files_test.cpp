// The starter files are right whatever the repository holds: each passes the reader that will read it.
#include "starter/files.hpp"

#include <doctest/doctest.h>

#include "base/error.hpp"
#include "config/foreign_yaml.hpp"
#include "config/read.hpp"
#include "starter/look.hpp"
#include "unit/base/temp_folder.hpp"
#include "unit/config/settings_file.hpp"

using namespace burstgate;
using namespace burstgate::starter;

namespace {

// Writes the files as init does and reads them as gate does.
config::Settings accepted(const Found& found) {
  const config::test::Folder folder;
  for (const StarterFile& file : starter_files(found, "/s")) {
    folder.write(file.path, file.text);
    CHECK(file.text.starts_with("# yaml-language-server: $schema="));
    CHECK(config::parse_foreign_yaml(file.text));
  }
  return config::read_settings(folder.at("burstgate.yaml"), {}, config::test::no_environment);
}

Found sample() {
  Found found;
  found.name = "shop";
  found.start = Start{.command = {"env", "PORT={port}", "node", "a.js"},
                      .port = std::nullopt,
                      .from = "scripts.start of package.json",
                      .build = {"npm ci"},
                      .node_version = "20",
                      .health = "/health"};
  return found;
}

const std::vector<std::string> hostile = {
    "a\nservice: http://evil/",
    "'\"`\\",
    "# x",
    "}: {",
    "- [",
    "\x1b[2J",
    std::string("a\0b", 3),
    "\xff\xfe",
    "${HOME}",
    "{port}",
    "%0d%0a",
    "\u2028\u202e",
    "::error::x",
    "*a &a !!x",
    "x: y",
    "---\n",
    "...",
    "\t",
    "~",
    "no",
    "1e3",
    std::string(100'000, 'a'),
    "${{ github.token }}",
};

}  // namespace

TEST_CASE("a service that takes its port, with all that follows") {
  const config::Settings settings = accepted(sample());
  CHECK(settings.plan.operation == "shop");
  CHECK(settings.plan.service.command == std::vector<std::string>{"env", "PORT={port}", "node", "a.js"});
  CHECK(settings.plan.service.url == "http://127.0.0.1:{port}");
  CHECK(settings.plan.service.ready.path == "/health");
  CHECK(settings.plan.profile.name == "pr");
  REQUIRE(settings.plan.baseline_file);
  CHECK(settings.plan.baseline_file->ends_with("perf/baseline.json"));
  CHECK(settings.thresholds.total.regression.size() == 3);
}

TEST_CASE("nothing found: a file to complete that is right as it is") {
  const config::Settings settings = accepted({.name = "x", .start = {}, .api = {}, .remarks = {}});
  CHECK(settings.plan.service.url == "http://127.0.0.1:8080");
}

TEST_CASE("a service that runs already has a fixed port and no command") {
  Found found = sample();
  found.start->command.clear();
  found.start->port = 5000;
  const config::Settings settings = accepted(found);
  CHECK(settings.plan.service.url == "http://127.0.0.1:5000");
  CHECK(settings.plan.service.command.empty());
}

TEST_CASE("hostile texts stay texts") {
  for (const std::string& text : hostile) {
    INFO(text.substr(0, 60));
    Found found = sample();
    found.name = text;
    found.start->from = text;
    found.remarks = {text};
    found.api = Api{.file = text, .steps = {{"/a", ""}, {"/b", ""}}, .left_out = {text}};
    const config::Settings settings = accepted(found);
    CHECK(settings.plan.scenarios.front().steps.size() == 2);
    CHECK(settings.plan.service.command.size() == 4);
  }
}

TEST_CASE("hostile repositories lead to files that are right") {
  for (const std::string& text : hostile) {
    INFO(text.substr(0, 60));
    const TempFolder folder;
    const std::string quoted = yaml_quoted(text);
    write_plain(folder / "package.json", R"({"scripts": {"start": )" + quoted + R"(}, "main": )" + quoted + "}");
    write_plain(folder / "CMakeLists.txt", "add_executable(" + text + " " + text + ")");
    write_plain(folder / "Dockerfile", "EXPOSE " + text + "\nCMD [" + quoted + "]");
    write_plain(folder / "compose.yaml", "services: {a: {ports: [" + quoted + "]}}");
    write_plain(folder / "openapi.yaml",
                "openapi: 3.0.0\npaths: {" + yaml_quoted("/" + text) + ": {get: {operationId: " + quoted +
                    ", parameters: [{name: q, in: query, required: true, example: " + quoted + "}]}}}");
    Repository repository(folder.path());
    accepted(look_at(repository));
  }
}

TEST_CASE("the workflow runs both builds where the port can be chosen, and nothing of GitHub's is in a script") {
  const std::string paired = starter_files(sample(), "/s")[2].text;
  CHECK(paired.find("          env PORT=18081 node a.js > \"$RUNNER_TEMP/base.log\" 2>&1 &\n") != std::string::npos);
  CHECK(paired.find("          (cd base && npm ci)\n") != std::string::npos);
  CHECK(paired.find("BURSTGATE_BASELINE: \"http://127.0.0.1:18081\"") != std::string::npos);
  CHECK(paired.find(" --retry-connrefused 'http://127.0.0.1:18081/health'\n") != std::string::npos);
  const auto scripts = paired.find("run: |");
  CHECK(paired.find("${{", scripts) == std::string::npos);
  Found fixed = sample();
  fixed.start->port = 3000;
  CHECK(starter_files(fixed, "/s")[2].text.find("base") == starter_files(fixed, "/s")[2].text.find("baseline.json"));
}

TEST_CASE("a scalar in quotes is the same text again") {
  for (const std::string& text : hostile) {
    if (text.find('\xff') != std::string::npos) continue;  // no text: replaced
    const auto read = config::parse_foreign_yaml("a: " + yaml_quoted(text));
    REQUIRE(read);
    CHECK(read->at("a") == text);
  }
}

// What a command gets, and what is said of one that fails.
#include "notify/alert_command.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>

#include "unit/base/temp_folder.hpp"

using namespace burstgate;
using namespace std::chrono_literals;

namespace {

std::string shell(const std::string& script, std::chrono::milliseconds within = 10s) {
  return notify::run({{"/bin/sh", "-c", script}, {"PATH=/usr/bin:/bin"}, "the message\n"}, within);
}

}  // namespace

TEST_CASE("a command gets the message on its stdin, and the named variables only") {
  const TempFolder folder;
  const std::string input = folder / "input", environment = folder / "environment";
  REQUIRE(::setenv("BURSTGATE_TEST_SECRET", "s3cret", 1) == 0);
  CHECK(shell(fmt::format("cat >{}; env >{}", input, environment)) == "");
  CHECK(read_plain(input) == "the message\n");
  CHECK(read_plain(environment).find("PATH=/usr/bin:/bin") != std::string::npos);
  CHECK(read_plain(environment).find("s3cret") == std::string::npos);
  ::unsetenv("BURSTGATE_TEST_SECRET");
}

TEST_CASE("arguments are words: no shell looks at them") {
  const TempFolder folder;
  const std::string made = folder / "made";
  CHECK(notify::run({{"/usr/bin/test", "$(touch " + made + ")", "=", "$(touch " + made + ")"}, {}, ""}, 10s) == "");
  CHECK_FALSE(std::filesystem::exists(made));
}

TEST_CASE("how a command failed, and its last words") {
  CHECK(shell("exit 3") == "it ended with status 3");
  CHECK(shell("echo first; printf 'no \\033[1mroute\\n' >&2; exit 1") == "it ended with status 1: no \\x1b[1mroute");
  CHECK(shell("kill -9 $$") == "it was killed by signal 9");
  CHECK(notify::run({{"/nowhere/notify"}, {}, ""}, 10s) == "it cannot be started: No such file or directory");
}

TEST_CASE("a command that does not end is killed with what it started") {
  const TempFolder folder;
  const std::string pid_file = folder / "pid";
  CHECK(shell(fmt::format("sleep 60 & echo $! >{}; wait", pid_file), 500ms) ==
        "it did not end within 500 ms and was killed");
  const std::string pid = read_plain(pid_file);
  REQUIRE(pid.size() > 1);
  const std::string status = "/proc/" + pid.substr(0, pid.size() - 1) + "/stat";
  for (int i = 0; i < 200 && read_plain(status).find(") Z") == std::string::npos && std::filesystem::exists(status);
       ++i) {
    ::usleep(10'000);
  }
  const bool is_gone = !std::filesystem::exists(status) || read_plain(status).find(") Z") != std::string::npos;
  CHECK(is_gone);
}

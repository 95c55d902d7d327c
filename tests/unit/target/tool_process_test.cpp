#include "target/tool_process.hpp"

#include <doctest/doctest.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <thread>

#include "base/descriptor.hpp"
#include "target/service_process.hpp"

using namespace burstgate;
using namespace burstgate::target;
using namespace std::chrono_literals;

namespace {

bool never() {
  return false;
}

ToolCommand shell(const std::string& script) {
  return {.argv = {"/bin/sh", "-c", script}};
}

std::string content(int file) {
  std::string text(4096, '\0');
  const ssize_t size = ::pread(file, text.data(), text.size(), 0);
  text.resize(size < 0 ? 0 : static_cast<std::size_t>(size));
  return text;
}

struct Temporary {
  std::string name = "/tmp/burstgate-test-XXXXXX";
  Descriptor file{::mkstemp(name.data())};
  ~Temporary() { ::unlink(name.c_str()); }
};

}  // namespace

TEST_CASE("a tool that ends as it should: its stdout apart, its stderr as last words") {
  const Temporary output;
  ToolCommand command = shell("echo result; echo words >&2");
  command.output = output.file.number();
  const ToolEnd end = run_tool(command, never);
  CHECK(end.good);
  CHECK(!end.stopped);
  CHECK(end.text == "exited with status 0");
  CHECK(end.last_words == "words\n");
  CHECK(content(output.file.number()) == "result\n");
}

TEST_CASE("without a file for it, stdout goes where stderr does; the tool runs in its folder") {
  CHECK(run_tool({.argv = {"pwd"}, .folder = "/"}, never).last_words == "/\n");
}

TEST_CASE("a tool that fails, by status or by signal") {
  const ToolEnd failed = run_tool(shell("echo why >&2; exit 3"), never);
  CHECK(!failed.good);
  CHECK(failed.text == "exited with status 3");
  CHECK(failed.last_words == "why\n");
  const ToolEnd killed = run_tool(shell("kill -SEGV $$"), never);
  CHECK(!killed.good);
  CHECK(killed.text == "killed by SIGSEGV");
}

TEST_CASE("a tool that takes too long is stopped") {
  ToolCommand command = shell("sleep 60");
  command.timeout = 100ms;
  const ToolEnd end = run_tool(command, never);
  CHECK(!end.good);
  CHECK(!end.stopped);
  CHECK(end.text == "did not end within 100 ms and was stopped");
}

TEST_CASE("stopped by the caller: what the tool started ends, too") {
  const Temporary pid_file;
  ToolCommand command = shell("sleep 60 & echo $!; wait");
  command.output = pid_file.file.number();
  const ToolEnd end = run_tool(command, [&] { return content(pid_file.file.number()).ends_with('\n'); });
  CHECK(end.stopped);
  CHECK(!end.good);
  const int pid = std::atoi(content(pid_file.file.number()).c_str());
  REQUIRE(pid > 0);
  CHECK(::kill(pid, 0) != 0);
}

TEST_CASE("what a tool leaves behind ends with it") {
  const Temporary pid_file;
  ToolCommand command = shell("sleep 60 >/dev/null 2>&1 & echo $!");
  command.output = pid_file.file.number();
  CHECK(run_tool(command, never).good);
  CHECK(::kill(std::atoi(content(pid_file.file.number()).c_str()), 0) != 0);
}

TEST_CASE("a tool that cannot be started") {
  const auto error_of = [](const ToolCommand& command) -> std::string {
    try {
      run_tool(command, never);
    } catch (const ToolError& error) {
      CHECK(error.trouble() == Trouble::target);
      return error.what();
    }
    return "";
  };
  CHECK(error_of({.argv = {"no-such-tool"}}) ==
        "error[E-431]: cannot start 'no-such-tool': No such file or directory (errno 2); is it installed? "
        "workload.exec.command says what is started");
  CHECK(error_of({.argv = {"/bin/true"}, .folder = "/no/such/folder"}).find(", in folder /no/such/folder") !=
        std::string::npos);
}

// A service under test that we start: own process group, readiness, log tail, and an end that leaves nothing behind.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "target/readiness.hpp"

namespace burstgate::target {

struct ServiceCommand {
  std::vector<std::string> argv;  // "{port}" in any argument is replaced
  std::string url;                // with "{port}"
  std::string ready_path = "/";
  std::chrono::microseconds ready_within{30'000'000};
  Speech speech{};                                    // of the readiness checks
  std::chrono::microseconds stop_timeout{2'000'000};  // TERM, then KILL
};

// A start that failed: the problem, and what the service (or `whose` it is) said before. what() prints both, the log
// lines made visible and indented.
class StartError : public Error {
 public:
  StartError(Problem problem, std::string log_tail, std::string_view whose = "the service");
  const char* what() const noexcept override { return text_.c_str(); }
  const std::string& log_tail() const { return log_tail_; }

 private:
  std::string log_tail_;
  std::string text_;
};

// The same of another program that sends the load.
class ToolError : public StartError {
 public:
  ToolError(Problem problem, std::string log_tail, const std::string& program)
      : StartError(std::move(problem), std::move(log_tail), "'" + program + "'") {}
};

class ServiceProcess {
 public:
  // Picks a free loopback port if "{port}" is asked for, starts, waits until GET ready_path answers 2xx three times in
  // a row. Error (Trouble::target): cannot start (errno text and folder), exited before ready (status or signal and the
  // last 50 lines), never ready (last probe result), port held by another process (pid when visible). `interrupted` is
  // polled; when it returns true, starting is given up (Error, Trouble::target). A process that ends with status 0 and
  // leaves others running has daemonised and is waited for. Whatever goes wrong, nothing is left running.
  static ServiceProcess start(const ServiceCommand& command, const std::function<bool()>& interrupted);

  ServiceProcess(ServiceProcess&&) noexcept;
  ServiceProcess& operator=(ServiceProcess&&) noexcept;
  ~ServiceProcess();  // stops it

  const std::string& url() const;  // with the port filled in
  std::uint16_t port() const;
  int pid() const;
  int supervisor_pid() const;    // the service and all its descendants are below this process
  bool alive();                  // false once the process itself ended
  std::string exit_text();       // "exited with status 3", "killed by SIGSEGV"; empty while alive
  std::string log_tail() const;  // the last 50 lines of stdout and stderr, at most 64 KiB
  // TERM to the group, wait, KILL; every descendant is gone and the port is free afterwards. Returns warnings: had to
  // be killed, crashed while stopping, left something behind. The second time does nothing.
  std::vector<std::string> stop();

 private:
  struct State;
  explicit ServiceProcess(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace burstgate::target

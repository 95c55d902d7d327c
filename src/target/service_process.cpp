// Start: free port -> watchdog and service -> ready three times in a row -> the port is really ours. Everything that
// lasts (reaping, killing) is the watchdog's; this side follows its reports.
#include "target/service_process.hpp"

#include <fmt/format.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <optional>
#include <sstream>
#include <thread>

#include "base/assert.hpp"
#include "base/text.hpp"
#include "config/units.hpp"
#include "protocol/url.hpp"
#include "target/log_ring.hpp"
#include "target/port_owner.hpp"
#include "target/readiness.hpp"
#include "target/watchdog.hpp"

namespace burstgate::target {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

namespace {

constexpr int good_probes_needed = 3;
constexpr milliseconds probe_within{1000};
constexpr milliseconds probe_every{20};
constexpr milliseconds exec_within{10'000};
constexpr milliseconds port_release_within{2000};  // of a predecessor that is just ending
constexpr milliseconds stop_margin{8000};          // beyond the stop timeout: the watchdog's own patience and more
constexpr int last_words_ms = 500;

bool replace_port(std::string& text, std::uint16_t port) {
  constexpr std::string_view hole = "{port}";
  bool found = false;
  for (std::size_t at; (at = text.find(hole)) != std::string::npos;) {
    text.replace(at, hole.size(), std::to_string(port));
    found = true;
  }
  return found;
}

bool asks_for_port(const ServiceCommand& command) {
  const auto asks = [](const std::string& text) { return text.find("{port}") != std::string::npos; };
  return asks(command.url) || std::any_of(command.argv.begin(), command.argv.end(), asks);
}

bool is_this_machine(const std::string& host) {
  return host == "localhost" || host == "::1" || host == "0.0.0.0" || host == "::" || host.starts_with("127.");
}

std::string current_folder() {
  std::error_code error;
  const auto folder = std::filesystem::current_path(error);
  return error ? "an unreadable folder" : folder.string();
}

Problem problem(const char* code, const std::string& where, std::string what, std::string hint = "") {
  return {code, where, std::move(what), std::move(hint), "", 0};
}

void wait_for_free_port(const protocol::Url& url) {
  if (!is_this_machine(url.host)) return;
  const auto give_up = Clock::now() + port_release_within;
  while (const auto owner = owner_of(url.port)) {
    if (Clock::now() >= give_up) {
      throw Error(Trouble::target,
                  problem("E-423", url.origin(), fmt::format("port {} is already taken by {}", url.port, owner->text()),
                          "stop it, or let burstgate choose: \"{port}\" in command and url"));
    }
    std::this_thread::sleep_for(probe_every);
  }
}

}  // namespace

StartError::StartError(Problem problem, std::string log_tail, std::string_view whose)
    : Error(Trouble::target, std::move(problem)), log_tail_(std::move(log_tail)), text_(Error::what()) {
  if (log_tail_.empty()) return;
  text_ += fmt::format("\n    last output of {}:", whose);
  std::istringstream lines(log_tail_);
  for (std::string line; std::getline(lines, line);) text_ += "\n    | " + visible(line);
}

struct ServiceProcess::State {
  Watchdog watchdog;
  std::unique_ptr<LogDrain> log;
  std::string url;
  std::uint16_t port = 0;
  bool local = true;
  std::chrono::microseconds stop_timeout{0};
  std::string program;

  int pid = -1;
  std::optional<int> wait_status;
  bool daemonised = false;
  bool all_gone = false;
  bool watchdog_gone = false;
  bool stop_begun = false;
  std::optional<WatchdogEvent> stop_report;

  ~State() { stop(); }
  void follow(milliseconds within);
  void take(const WatchdogEvent& event);
  bool alive();
  std::string exit_text() const;
  void await_exec();
  void await_ready(const ServiceCommand& command, const protocol::Url& target,
                   const std::function<bool()>& interrupted);
  void refuse_early_end();
  std::vector<std::string> stop();
  std::vector<std::string> stop_warnings(bool was_alive) const;
};

// Takes the reports that are there, waiting for the first at most that long.
void ServiceProcess::State::follow(milliseconds within) {
  while (!watchdog_gone) {
    const auto event = next_event(watchdog, within, watchdog_gone);
    if (!event) return;
    take(*event);
    within = milliseconds{0};
  }
}

void ServiceProcess::State::take(const WatchdogEvent& event) {
  using Kind = WatchdogEvent::Kind;
  switch (event.kind) {
    case Kind::started:
      pid = event.value;
      return;
    case Kind::not_started:
      throw Error(Trouble::target, problem("E-424", "",
                                           fmt::format("cannot start '{}': {} (errno {}), in folder {}", program,
                                                       std::strerror(event.value), event.value, current_folder()),
                                           "check the service's command"));
    case Kind::exited:
      wait_status = event.value;
      daemonised = event.others != 0 && WIFEXITED(event.value) && WEXITSTATUS(event.value) == 0;
      return;
    case Kind::all_gone:
      all_gone = true;
      return;
    case Kind::stopped:
      stop_report = event;
      return;
  }
}

bool ServiceProcess::State::alive() {
  follow(milliseconds{0});
  if (watchdog_gone || all_gone) return false;
  return !wait_status || daemonised;
}

std::string ServiceProcess::State::exit_text() const {
  if (wait_status) return end_text(*wait_status);
  return "its watchdog process was killed";
}

void ServiceProcess::State::await_exec() {
  const auto give_up = Clock::now() + exec_within;
  while (pid < 0 && !watchdog_gone && Clock::now() < give_up) follow(probe_every);
  if (pid > 0) return;
  throw Error(Trouble::target,
              problem("E-424", "", fmt::format("cannot start '{}': its watchdog was killed", program)));
}

void ServiceProcess::State::refuse_early_end() {
  if (alive()) return;
  log->wait_for_end(last_words_ms);
  throw StartError(problem("E-425", "", fmt::format("'{}' {} before it was ready", program, exit_text())), log->tail());
}

void ServiceProcess::State::await_ready(const ServiceCommand& command, const protocol::Url& target,
                                        const std::function<bool()>& interrupted) {
  const auto give_up = Clock::now() + command.ready_within;
  ProbeResult last{false, "none was made"};
  int good = 0;
  while (good < good_probes_needed) {
    refuse_early_end();
    if (interrupted && interrupted()) {
      throw Error(Trouble::target, problem("E-428", "", fmt::format("interrupted while '{}' was starting", program)));
    }
    const auto left = std::chrono::duration_cast<milliseconds>(give_up - Clock::now());
    if (left <= milliseconds{0}) {
      const bool http = !command.speech.connects_only;
      throw StartError(
          problem("E-426", target.origin(),
                  fmt::format("'{}' was not ready within {}: {}, last answer: {}", program,
                              config::to_text(command.ready_within), http ? "GET " + command.ready_path : "connecting",
                              last.text),
                  fmt::format("expected {} {} in a row", good_probes_needed, http ? "answers 2xx" : "connections")),
          log->tail());
    }
    last = probe(target.host, target.port, command.ready_path, std::min(left, probe_within), command.speech);
    good = last.good ? good + 1 : 0;
    follow(probe_every);
  }
  refuse_early_end();
  if (const auto stranger = local ? stranger_on(port, watchdog.pid) : std::nullopt) {
    throw StartError(problem("E-427", target.origin(),
                             fmt::format("port {} answered by {}, not by the started server", port, stranger->text()),
                             "stop it, or let burstgate choose: \"{port}\" in command and url"),
                     log->tail());
  }
}

std::vector<std::string> ServiceProcess::State::stop() {
  if (stop_begun || watchdog.pid < 0) return {};
  stop_begun = true;
  const bool was_alive = alive();
  const auto timeout = std::chrono::duration_cast<milliseconds>(stop_timeout);
  request_stop(watchdog, timeout);
  const auto give_up = Clock::now() + timeout + stop_margin;
  while (!stop_report && !watchdog_gone && Clock::now() < give_up) follow(milliseconds{100});
  end_watchdog(watchdog);
  watchdog_gone = true;
  if (log) log->wait_for_end(last_words_ms);
  return stop_warnings(was_alive);
}

std::vector<std::string> ServiceProcess::State::stop_warnings(bool was_alive) const {
  std::vector<std::string> warnings;
  const int killed = stop_report ? stop_report->value : 0;
  const bool ended_by_kill = wait_status && WIFSIGNALED(*wait_status) && WTERMSIG(*wait_status) == SIGKILL;
  if (killed > 0 && ended_by_kill) {
    warnings.push_back(
        fmt::format("the service did not end within {} of SIGTERM and was killed", config::to_text(stop_timeout)));
  } else if (killed > 0) {
    warnings.push_back(fmt::format("the service left processes that did not end within {} of SIGTERM; they were killed",
                                   config::to_text(stop_timeout)));
  }
  const bool crashed = wait_status && WIFSIGNALED(*wait_status) && WTERMSIG(*wait_status) != SIGTERM;
  if (was_alive && crashed && !ended_by_kill) {
    warnings.push_back(fmt::format("the service crashed while it was stopped: {}", end_text(*wait_status)));
  }
  if (!stop_report) warnings.push_back("the service's watchdog was killed; processes may be left");
  if (stop_report && stop_report->others > 0) {
    warnings.push_back(fmt::format("{} processes of the service could not be killed", stop_report->others));
  }
  const auto owner = local ? owner_of(port) : std::nullopt;
  if (owner) warnings.push_back(fmt::format("port {} is still taken by {}", port, owner->text()));
  return warnings;
}

ServiceProcess ServiceProcess::start(const ServiceCommand& command, const std::function<bool()>& interrupted) {
  BURSTGATE_ASSERT(!command.argv.empty());
  std::vector<std::string> argv = command.argv;
  std::string url = command.url;
  const bool choose = asks_for_port(command);
  if (choose) {
    const std::uint16_t chosen = free_port();
    for (std::string& argument : argv) replace_port(argument, chosen);
    replace_port(url, chosen);
  }
  const protocol::Url target = protocol::parse_url(url, "service url");
  wait_for_free_port(target);

  auto state = std::make_unique<State>();
  state->url = url;
  state->port = target.port;
  state->local = is_this_machine(target.host);
  state->stop_timeout = command.stop_timeout;
  state->program = argv.front();
  state->watchdog = start_watchdog(argv);
  state->log = std::make_unique<LogDrain>(state->watchdog.log);
  state->await_exec();
  state->await_ready(command, target, interrupted);
  return ServiceProcess(std::move(state));
}

ServiceProcess::ServiceProcess(std::unique_ptr<State> state) : state_(std::move(state)) {}
ServiceProcess::ServiceProcess(ServiceProcess&&) noexcept = default;
ServiceProcess& ServiceProcess::operator=(ServiceProcess&&) noexcept = default;
ServiceProcess::~ServiceProcess() = default;

const std::string& ServiceProcess::url() const {
  return state_->url;
}
std::uint16_t ServiceProcess::port() const {
  return state_->port;
}
int ServiceProcess::pid() const {
  return state_->pid;
}
int ServiceProcess::supervisor_pid() const {
  return state_->watchdog.pid;
}
bool ServiceProcess::alive() {
  return state_->alive();
}
std::string ServiceProcess::exit_text() {
  return state_->alive() ? "" : state_->exit_text();
}
std::string ServiceProcess::log_tail() const {
  return state_->log->tail();
}
std::vector<std::string> ServiceProcess::stop() {
  return state_->stop();
}

}  // namespace burstgate::target

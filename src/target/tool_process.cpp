// The watchdog of a started service does all of it; this side waits for the end instead of for readiness.
#include "target/tool_process.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <cstring>
#include <optional>

#include "base/assert.hpp"
#include "config/units.hpp"
#include "target/log_ring.hpp"
#include "target/service_process.hpp"
#include "target/watchdog.hpp"

namespace burstgate::target {

namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;
using Kind = WatchdogEvent::Kind;

constexpr milliseconds look_every{20};
constexpr milliseconds term_patience{2000};
constexpr milliseconds stop_margin{8000};  // beyond it: the watchdog's own patience and more
constexpr int last_words_ms = 500;

class RunningTool {
 public:
  explicit RunningTool(const ToolCommand& command)
      : command_(command),
        watchdog_(start_watchdog(command.argv, {command.folder, command.output})),
        log_(watchdog_.log) {}
  ~RunningTool() { end_watchdog(watchdog_); }
  RunningTool(const RunningTool&) = delete;
  RunningTool& operator=(const RunningTool&) = delete;

  ToolEnd run(const std::function<bool()>& stopped);

 private:
  // One event at most; false when the watchdog is gone.
  bool follow(milliseconds within);
  std::string why_ended(const std::function<bool()>& stopped, ToolEnd& end) const;
  void stop();

  const ToolCommand& command_;
  Watchdog watchdog_;
  LogDrain log_;
  Clock::time_point began_ = Clock::now();
  std::optional<int> wait_status_;
  bool stop_reported_ = false;
  bool gone_ = false;
};

bool RunningTool::follow(milliseconds within) {
  const auto event = next_event(watchdog_, within, gone_);
  if (!event) return !gone_;
  if (event->kind == Kind::not_started) {
    const std::string where = command_.folder.empty() ? "" : ", in folder " + command_.folder;
    throw ToolError({.code = "E-431",
                     .what = fmt::format("cannot start '{}': {} (errno {}){}", command_.argv.front(),
                                         std::strerror(event->value), event->value, where),
                     .hint = "is it installed? workload.exec.command says what is started"},
                    "", command_.argv.front());
  }
  if (event->kind == Kind::exited) wait_status_ = event->value;
  if (event->kind == Kind::stopped) stop_reported_ = true;
  return true;
}

// Why the tool is not waited for any longer; empty while it is.
std::string RunningTool::why_ended(const std::function<bool()>& stopped, ToolEnd& end) const {
  if (wait_status_) return end_text(*wait_status_);
  if (gone_) return "was lost: its watchdog was killed";
  if (stopped()) {
    end.stopped = true;
    return "was stopped";
  }
  if (Clock::now() - began_ >= command_.timeout) {
    return fmt::format("did not end within {} and was stopped", config::to_text(command_.timeout));
  }
  struct stat status {};
  const bool known = command_.output >= 0 && ::fstat(command_.output, &status) == 0;
  if (known && static_cast<std::uint64_t>(status.st_size) > max_output_bytes) {
    return fmt::format("wrote more than {} GiB to its stdout and was stopped", max_output_bytes >> 30);
  }
  return {};
}

void RunningTool::stop() {
  request_stop(watchdog_, term_patience);
  const auto give_up = Clock::now() + term_patience + stop_margin;
  while (!stop_reported_ && Clock::now() < give_up && follow(look_every)) {
  }
}

ToolEnd RunningTool::run(const std::function<bool()>& stopped) {
  ToolEnd end;
  while ((end.text = why_ended(stopped, end)).empty()) follow(look_every);
  end.seconds = std::chrono::duration<double>(Clock::now() - began_).count();
  end.good = wait_status_ && WIFEXITED(*wait_status_) && WEXITSTATUS(*wait_status_) == 0;
  if (!gone_) stop();
  log_.wait_for_end(last_words_ms);
  end.last_words = log_.tail();
  return end;
}

}  // namespace

ToolEnd run_tool(const ToolCommand& command, const std::function<bool()>& stopped) {
  BURSTGATE_ASSERT(!command.argv.empty());
  return RunningTool(command).run(stopped);
}

}  // namespace burstgate::target

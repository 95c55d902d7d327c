// A small process between burstgate and the service: the service's parent, and the one who collects every descendant.
//
// It is forked, never exec'ed, and holds the read end of a pipe whose write end only burstgate has. When that closes -
// also because burstgate was killed - it kills everything below it and ends. As a child subreaper it inherits processes
// that daemonise, so that "no children left" means that nothing is left.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace burstgate::target {

// What the watchdog reports, one fixed-size record per event.
struct WatchdogEvent {
  enum class Kind : std::int32_t {
    started,      // value: pid of the service
    not_started,  // value: errno of fork or exec
    exited,       // value: wait status; others: whether it left descendants behind
    all_gone,     // no descendant is left
    stopped,      // value: how many processes had to be killed; others: processes that could not be
  };
  Kind kind;
  std::int32_t value;
  std::int32_t others;
};

struct Watchdog {
  pid_t pid = -1;
  int control = -1;  // write: a stop request; close: kill everything now
  int events = -1;   // read: WatchdogEvents
  int log = -1;      // read: stdout and stderr of the service
};

// Where the started process finds itself.
struct Surroundings {
  std::string folder{};  // empty: ours
  int output = -1;       // its stdout; -1: the log, like its stderr
};

// Starts the watchdog, which starts the service. Every descriptor is close-on-exec. Throws Error (E-421) when the
// machine has no descriptors or processes left.
Watchdog start_watchdog(const std::vector<std::string>& argv, const Surroundings& surroundings = {});

// Asks for TERM to the service's group, KILL after the timeout.
void request_stop(const Watchdog& watchdog, std::chrono::milliseconds timeout);

// Closes what leads to it and collects it; whatever is still below it is killed.
void end_watchdog(const Watchdog& watchdog);

// "exited with status 3", "killed by SIGSEGV".
std::string end_text(int wait_status);

// The next event, waiting at most that long. Nothing: none came, or (`ended`) the watchdog is gone.
std::optional<WatchdogEvent> next_event(const Watchdog& watchdog, std::chrono::milliseconds within, bool& ended);

}  // namespace burstgate::target

// Between fork and exec, and in the watchdog for all its life, only async-signal-safe calls are made: the process that
// forked may have had threads, and their locks may be held for ever.
#include "target/watchdog.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <iterator>

#include "base/error.hpp"

namespace burstgate::target {

namespace {

using Kind = WatchdogEvent::Kind;
constexpr int kill_patience_ms = 5000;  // for processes to die of SIGKILL
constexpr int kill_round_ms = 5;
constexpr int stop_round_ms = 50;
constexpr int end_patience_ms = 8000;  // the watchdog's own patience and more

struct Pipe {
  int read_end = -1;
  int write_end = -1;
};

std::int64_t now_ms() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000 + now.tv_nsec / 1'000'000;
}

// The number at the start of the text; -1 without one.
int leading_number(const char* text) {
  int number = -1;
  for (; *text >= '0' && *text <= '9'; ++text) number = std::max(number, 0) * 10 + (*text - '0');
  return number;
}

// From /proc/PID/stat, whose second field may contain anything but is the last one in parentheses.
pid_t parent_of(const char* pid_name) {
  char path[32] = "/proc/";
  if (std::strlen(pid_name) > 12) return -1;
  std::strcat(std::strcat(path, pid_name), "/stat");
  const int file = ::open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return -1;
  char text[512];
  const ssize_t size = ::read(file, text, sizeof text - 1);
  ::close(file);
  if (size <= 0) return -1;
  text[size] = '\0';
  const char* end_of_name = std::strrchr(text, ')');
  return end_of_name == nullptr || std::strlen(end_of_name) < 5 ? -1 : leading_number(end_of_name + 4);
}

struct RawEntry {  // linux_dirent64
  std::uint64_t inode;
  std::int64_t offset;
  unsigned short size;
  unsigned char type;
  char name[1];
};

// Calls visit(pid) for every child of this process.
template <typename Visit>
void for_each_child(Visit visit) {
  const int proc = ::open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (proc < 0) return;
  const pid_t self = ::getpid();
  alignas(RawEntry) char entries[8192];
  for (long size; (size = ::syscall(SYS_getdents64, proc, entries, sizeof entries)) > 0;) {
    for (long at = 0; at < size;) {
      const auto* entry = reinterpret_cast<const RawEntry*>(entries + at);
      const char* name = entries + at + offsetof(RawEntry, name);
      at += entry->size;
      const pid_t pid = leading_number(name);
      if (pid > 0 && parent_of(name) == self) visit(pid);
    }
  }
  ::close(proc);
}

// Returns how many there were.
int kill_children() {
  int found = 0;
  for_each_child([&](pid_t pid) {
    ::kill(pid, SIGKILL);
    ++found;
  });
  return found;
}

// Sends TERM to processes that did not get it yet: a second one means "at once" to many services.
class TermOnce {
 public:
  void tell_group(pid_t group) {
    group_ = group;
    ::kill(-group, SIGTERM);
  }
  void tell_children() {
    for_each_child([this](pid_t pid) {
      if (group_ > 0 && ::getpgid(pid) == group_) return;
      if (count_ == std::size(told_) || std::find(told_, told_ + count_, pid) != told_ + count_) return;
      told_[count_++] = pid;
      ::kill(pid, SIGTERM);
    });
  }

 private:
  pid_t group_ = 0;
  pid_t told_[4096];
  std::size_t count_ = 0;
};

// What the service is made of, and what it needs before it runs.
struct Birth {
  char* const* argv;
  const char* folder;  // nullptr: ours
  int output;          // of stdout
  Pipe log;
};

[[noreturn]] void become_service(const Birth& birth, int exec_failed, pid_t watchdog) {
  ::setsid();
  ::prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
  if (::getppid() != watchdog) ::_exit(127);
  const int nothing = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  ::dup2(nothing, STDIN_FILENO);
  ::dup2(birth.output, STDOUT_FILENO);
  ::dup2(birth.log.write_end, STDERR_FILENO);
  for (int signal = 1; signal < NSIG; ++signal) ::signal(signal, SIG_DFL);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  if (birth.folder == nullptr || ::chdir(birth.folder) == 0) ::execvp(birth.argv[0], birth.argv);
  const int error = errno;
  [[maybe_unused]] const ssize_t written = ::write(exec_failed, &error, sizeof error);
  ::_exit(127);
}

// Everything that the watchdog process knows.
class WatchdogProcess {
 public:
  WatchdogProcess(int control, int events) : control_(control), events_(events) {}

  [[noreturn]] void run(const Birth& birth);

 private:
  bool start_service(const Birth& birth);
  void wait_for_something();
  void forget_child_signals();
  void collect();
  void stop(int timeout_ms);
  int kill_all();
  void report(Kind kind, int value, int others = 0) {
    const WatchdogEvent event{kind, value, others};
    [[maybe_unused]] const ssize_t written = ::write(events_, &event, sizeof event);
  }

  const int control_;
  const int events_;
  int child_signals_ = -1;
  pid_t service_ = -1;
  bool service_alive_ = false;
  bool any_left_ = false;
};

void WatchdogProcess::run(const Birth& birth) {
  if (start_service(birth)) {
    for (;;) {
      wait_for_something();
      collect();
      std::int32_t timeout_ms = 0;
      const ssize_t size = ::read(control_, &timeout_ms, sizeof timeout_ms);
      if (size == sizeof timeout_ms) {
        stop(timeout_ms);
        break;
      }
      if (size == 0) break;  // burstgate is gone
    }
    kill_all();
  }
  ::_exit(0);
}

bool WatchdogProcess::start_service(const Birth& birth) {
  ::setsid();
  ::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
  ::prctl(PR_SET_NAME, "burstgate-watch", 0, 0, 0);
  sigset_t all;
  ::sigfillset(&all);
  ::sigprocmask(SIG_SETMASK, &all, nullptr);
  sigset_t child;
  ::sigemptyset(&child);
  ::sigaddset(&child, SIGCHLD);
  ::signal(SIGCHLD, SIG_DFL);
  child_signals_ = ::signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
  int exec_failed[2];
  if (::pipe2(exec_failed, O_CLOEXEC) != 0) {
    report(Kind::not_started, errno);
    return false;
  }
  const pid_t self = ::getpid();
  service_ = static_cast<pid_t>(::fork());
  if (service_ == 0) become_service(birth, exec_failed[1], self);
  int error = errno;
  ::close(exec_failed[1]);
  ::close(birth.log.write_end);
  if (birth.output != birth.log.write_end) ::close(birth.output);
  const bool failed = service_ < 0 || ::read(exec_failed[0], &error, sizeof error) == sizeof error;
  ::close(exec_failed[0]);
  if (failed) {
    if (service_ > 0) ::waitpid(service_, nullptr, 0);
    report(Kind::not_started, error);
    return false;
  }
  service_alive_ = any_left_ = true;
  report(Kind::started, service_);
  return true;
}

void WatchdogProcess::wait_for_something() {
  pollfd waiting[] = {{control_, POLLIN, 0}, {child_signals_, POLLIN, 0}};
  ::poll(waiting, 2, -1);
  forget_child_signals();
}

void WatchdogProcess::forget_child_signals() {
  signalfd_siginfo ignored[16];
  while (::read(child_signals_, ignored, sizeof ignored) > 0) {
  }
}

void WatchdogProcess::collect() {
  int status = 0;
  int service_status = 0;
  bool service_ended = false;
  pid_t pid;
  while ((pid = ::waitpid(-1, &status, WNOHANG)) > 0) {
    if (pid != service_ || !service_alive_) continue;
    service_alive_ = false;
    service_ended = true;
    service_status = status;
  }
  const bool none_left = pid < 0 && errno == ECHILD;
  if (service_ended) report(Kind::exited, service_status, none_left ? 0 : 1);
  if (none_left && any_left_) {
    any_left_ = false;
    report(Kind::all_gone, 0);
  }
}

// TERM to the group at once; when the service itself has ended, to what it left elsewhere, as that becomes ours.
void WatchdogProcess::stop(int timeout_ms) {
  const std::int64_t end = now_ms() + timeout_ms;
  TermOnce term;
  if (service_alive_) term.tell_group(service_);
  for (;;) {
    collect();
    const auto left = static_cast<int>(end - now_ms());
    if (!any_left_ || left <= 0) break;
    if (!service_alive_) term.tell_children();
    pollfd waiting[] = {{control_, 0, 0}, {child_signals_, POLLIN, 0}};
    ::poll(waiting, 2, std::min(left, stop_round_ms));
    if ((waiting[0].revents & POLLHUP) != 0) break;  // burstgate was killed meanwhile
    forget_child_signals();
  }
  const int killed = any_left_ ? kill_children() : 0;
  const int could_not = kill_all();
  report(Kind::stopped, killed, could_not);
}

// Children first; their children then become ours, level by level. Returns how many do not die.
int WatchdogProcess::kill_all() {
  const std::int64_t end = now_ms() + kill_patience_ms;
  if (service_alive_) ::kill(-service_, SIGKILL);
  int found = 0;
  do {
    found = kill_children();
    collect();
    if (!any_left_) return 0;
    ::poll(nullptr, 0, kill_round_ms);
    collect();
  } while (any_left_ && now_ms() < end);
  return any_left_ ? found : 0;
}

void close_all_but(std::vector<int>& keep) {
  unsigned next = 0;
  for (const int descriptor : keep) {
    if (static_cast<unsigned>(descriptor) > next) ::close_range(next, static_cast<unsigned>(descriptor) - 1, 0);
    next = static_cast<unsigned>(descriptor) + 1;
  }
  ::close_range(next, ~0U, 0);
}

Pipe new_pipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) == 0) return {ends[0], ends[1]};
  throw Error(
      Trouble::target,
      Problem{"E-421", "", fmt::format("cannot make a pipe: {} (errno {})", std::strerror(errno), errno), "", "", 0});
}

}  // namespace

Watchdog start_watchdog(const std::vector<std::string>& argv, const Surroundings& surroundings) {
  std::vector<char*> arguments;
  for (const std::string& argument : argv) arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  const Pipe control = new_pipe(), events = new_pipe(), log = new_pipe();
  ::fcntl(control.read_end, F_SETFL, O_NONBLOCK);
  std::vector<int> kept{STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO, control.read_end, events.write_end, log.write_end};
  if (surroundings.output >= 0) kept.push_back(surroundings.output);
  std::sort(kept.begin(), kept.end());

  const Birth birth{arguments.data(), surroundings.folder.empty() ? nullptr : surroundings.folder.c_str(),
                    surroundings.output >= 0 ? surroundings.output : log.write_end, log};

  const pid_t pid = ::fork();
  if (pid == 0) {
    close_all_but(kept);
    // Whoever waits for the end of our output shall not wait for the watchdog.
    const int nothing = ::open("/dev/null", O_RDWR | O_CLOEXEC);
    for (const int standard : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) ::dup2(nothing, standard);
    WatchdogProcess(control.read_end, events.write_end).run(birth);
  }
  const int error = errno;
  for (const int descriptor : {control.read_end, events.write_end, log.write_end}) ::close(descriptor);
  if (pid < 0) {
    for (const int descriptor : {control.write_end, events.read_end, log.read_end}) ::close(descriptor);
    throw Error(
        Trouble::target,
        Problem{"E-421", "", fmt::format("cannot fork: {} (errno {})", std::strerror(error), error), "", "", 0});
  }
  return {pid, control.write_end, events.read_end, log.read_end};
}

void request_stop(const Watchdog& watchdog, std::chrono::milliseconds timeout) {
  const auto timeout_ms = static_cast<std::int32_t>(std::clamp<std::int64_t>(timeout.count(), 0, 3'600'000));
  // The watchdog may be dead; then SIGPIPE must not end us.
  sigset_t pipe_signal, before;
  ::sigemptyset(&pipe_signal);
  ::sigaddset(&pipe_signal, SIGPIPE);
  ::pthread_sigmask(SIG_BLOCK, &pipe_signal, &before);
  if (::write(watchdog.control, &timeout_ms, sizeof timeout_ms) < 0 && errno == EPIPE) {
    const timespec at_once{};
    ::sigtimedwait(&pipe_signal, nullptr, &at_once);
  }
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

void end_watchdog(const Watchdog& watchdog) {
  ::close(watchdog.control);
  ::close(watchdog.events);
  const std::int64_t give_up = now_ms() + end_patience_ms;
  while (::waitpid(watchdog.pid, nullptr, WNOHANG) == 0) {
    if (now_ms() > give_up) ::kill(watchdog.pid, SIGKILL);
    ::poll(nullptr, 0, 1);
  }
}

std::string end_text(int wait_status) {
  if (WIFEXITED(wait_status)) return fmt::format("exited with status {}", WEXITSTATUS(wait_status));
  const int signal = WTERMSIG(wait_status);
  const char* name = ::sigabbrev_np(signal);
  return "killed by " + (name == nullptr ? fmt::format("signal {}", signal) : fmt::format("SIG{}", name));
}

std::optional<WatchdogEvent> next_event(const Watchdog& watchdog, std::chrono::milliseconds within, bool& ended) {
  pollfd waiting{watchdog.events, POLLIN, 0};
  if (::poll(&waiting, 1, static_cast<int>(within.count())) <= 0) return {};
  WatchdogEvent event{};
  const ssize_t size = ::read(watchdog.events, &event, sizeof event);
  if (size == sizeof event) return event;
  ended = size == 0;
  return {};
}

}  // namespace burstgate::target

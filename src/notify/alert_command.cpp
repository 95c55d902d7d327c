// The input is a file without a name: a command that does not read it blocks nobody.
#include "notify/alert_command.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <optional>
#include <thread>

#include "base/assert.hpp"
#include "base/descriptor.hpp"
#include "base/text.hpp"
#include "target/log_ring.hpp"

namespace burstgate::notify {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds look_every{5};
constexpr int last_words_ms = 100;
constexpr std::size_t longest_line = 200;

std::vector<char*> pointers(const std::vector<std::string>& words) {
  std::vector<char*> all;
  for (const std::string& word : words) all.push_back(const_cast<char*>(word.c_str()));
  all.push_back(nullptr);
  return all;
}

// A file that holds the text, to be read from its beginning.
Descriptor file_of(std::string_view text) {
  Descriptor file(::memfd_create("burstgate-alert", MFD_CLOEXEC));
  while (file.is_open() && !text.empty()) {
    const ssize_t written = ::write(file.number(), text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return Descriptor();
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  if (file.is_open()) ::lseek(file.number(), 0, SEEK_SET);
  return file;
}

// How the process is to begin: stdin, stdout and stderr as given, a group of its own, all signals as they are by
// default.
class Beginning {
 public:
  Beginning(int input, int output) {
    posix_spawn_file_actions_init(&files_);
    posix_spawn_file_actions_adddup2(&files_, input, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&files_, output, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&files_, output, STDERR_FILENO);
    posix_spawnattr_init(&attributes_);
    sigset_t signals;
    ::sigemptyset(&signals);
    posix_spawnattr_setsigmask(&attributes_, &signals);
    ::sigfillset(&signals);
    posix_spawnattr_setsigdefault(&attributes_, &signals);
    posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  ~Beginning() {
    posix_spawn_file_actions_destroy(&files_);
    posix_spawnattr_destroy(&attributes_);
  }
  Beginning(const Beginning&) = delete;
  Beginning& operator=(const Beginning&) = delete;

  // 0, or an errno.
  int spawn(const AlertCommand& command, pid_t& pid) const {
    const std::vector<char*> argv = pointers(command.argv);
    const std::vector<char*> environment = pointers(command.environment);
    return posix_spawnp(&pid, argv[0], &files_, &attributes_, argv.data(), environment.data());
  }

 private:
  posix_spawn_file_actions_t files_;
  posix_spawnattr_t attributes_;
};

bool has_ended(pid_t pid) {
  siginfo_t info{};
  return ::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_pid == pid;
}

// The wait status, or nothing when it did not end in time. Its group is gone afterwards in either case; it is killed
// before the process is collected, while nobody else can have its number.
std::optional<int> wait_until(pid_t pid, Clock::time_point end) {
  while (!has_ended(pid) && Clock::now() < end) std::this_thread::sleep_for(look_every);
  const bool in_time = has_ended(pid);
  ::kill(-pid, SIGKILL);
  int status = 0;
  ::waitpid(pid, &status, 0);
  return in_time ? std::optional(status) : std::nullopt;
}

std::string last_line(const target::LogDrain& output) {
  std::string text = output.tail();
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r' || text.back() == ' ')) text.pop_back();
  const std::string line = text.substr(text.rfind('\n') + 1);
  return line.empty() ? "" : ": " + visible(elided(line, longest_line));
}

}  // namespace

std::string run(const AlertCommand& command, std::chrono::milliseconds within) {
  BURSTGATE_ASSERT(!command.argv.empty());
  const auto end = Clock::now() + within;
  const Descriptor input = file_of(command.input);
  int ends[2];
  if (!input.is_open() || ::pipe2(ends, O_CLOEXEC) != 0) return std::strerror(errno);
  target::LogDrain output(ends[0]);
  Descriptor write_end(ends[1]);
  pid_t pid = -1;
  const int error = Beginning(input.number(), write_end.number()).spawn(command, pid);
  write_end.close();
  if (error != 0) return fmt::format("it cannot be started: {}", std::strerror(error));
  const auto status = wait_until(pid, end);
  output.wait_for_end(last_words_ms);
  if (!status) return fmt::format("it did not end within {} ms and was killed{}", within.count(), last_line(output));
  if (WIFSIGNALED(*status)) return fmt::format("it was killed by signal {}{}", WTERMSIG(*status), last_line(output));
  if (WEXITSTATUS(*status) == 0) return "";
  return fmt::format("it ended with status {}{}", WEXITSTATUS(*status), last_line(output));
}

}  // namespace burstgate::notify

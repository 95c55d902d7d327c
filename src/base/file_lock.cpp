// The lock beside a file: flock(2), which the kernel releases when its holder dies, however it dies.
//
// The holder removes the lock file while it still holds the lock. Whoever then gets the lock on the removed file sees
// that the name no longer leads to it, and starts over.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <ctime>
#include <thread>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/utc_time.hpp"

namespace burstgate {

namespace {

using Clock = std::chrono::steady_clock;

[[noreturn]] void fail(const std::string& path, std::string what, std::string hint = {}) {
  throw Error(Trouble::output, {"E-502", path, std::move(what), std::move(hint), {}, 0});
}

Descriptor open_lock_file(const std::string& path, const std::string& lock_path) {
  Descriptor file(::open(lock_path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK, 0666));
  if (!file.is_open()) fail(path, fmt::format("cannot open the lock {}: {}", lock_path, std::strerror(errno)));
  struct stat status {};
  if (::fstat(file.number(), &status) != 0 || !S_ISREG(status.st_mode)) {
    fail(path, fmt::format("the lock {} is not a regular file", lock_path));
  }
  return file;
}

bool still_named(const Descriptor& file, const std::string& lock_path) {
  struct stat held {};
  struct stat named {};
  return ::fstat(file.number(), &held) == 0 && ::lstat(lock_path.c_str(), &named) == 0 && held.st_ino == named.st_ino &&
         held.st_dev == named.st_dev;
}

void write_holder(const Descriptor& file) {
  std::array<char, 256> host{};
  ::gethostname(host.data(), host.size() - 1);
  const std::string text =
      fmt::format("pid {} on host {} since {}\n", ::getpid(), host.data(), to_iso8601(std::time(nullptr)));
  // Only information for others; the lock holds without it.
  if (::ftruncate(file.number(), 0) == 0 && ::pwrite(file.number(), text.data(), text.size(), 0) < 0) return;
}

std::string holder(const Descriptor& file) {
  std::array<char, 512> text{};
  const ssize_t n = ::pread(file.number(), text.data(), text.size(), 0);
  std::string_view line(text.data(), n > 0 ? static_cast<std::size_t>(n) : 0);
  line = line.substr(0, line.find('\n'));
  return line.empty() ? "another process" : std::string(line);
}

}  // namespace

FileLock::FileLock(const std::string& path, double wait_seconds) : lock_path_(path + ".lock") {
  constexpr auto poll_interval = std::chrono::milliseconds(5);
  const auto deadline = Clock::now() + std::chrono::duration<double>(wait_seconds);
  while (true) {
    Descriptor file = open_lock_file(path, lock_path_);
    while (::flock(file.number(), LOCK_EX | LOCK_NB) != 0) {
      if (errno == EINTR) continue;
      if (errno != EWOULDBLOCK) fail(path, fmt::format("cannot lock {}: {}", lock_path_, std::strerror(errno)));
      if (Clock::now() >= deadline) {
        fail(path, fmt::format("locked by {}; waited {:g} s", holder(file), wait_seconds),
             "wait for it to end and try again");
      }
      std::this_thread::sleep_for(poll_interval);
    }
    if (!still_named(file, lock_path_)) continue;
    write_holder(file);
    file_ = std::move(file);
    return;
  }
}

FileLock::~FileLock() {
  ::unlink(lock_path_.c_str());
}

}  // namespace burstgate

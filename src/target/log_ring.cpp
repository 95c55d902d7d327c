#include "target/log_ring.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace burstgate::target {

std::string last_lines(std::string_view text) {
  std::size_t begin = text.size();
  if (begin > 0 && text.back() == '\n') --begin;
  for (int lines = 0; begin > 0; --begin) {
    if (text[begin - 1] == '\n' && ++lines == log_tail_lines) break;
  }
  text.remove_prefix(begin);
  return std::string(text.substr(text.size() - std::min(text.size(), log_tail_bytes)));
}

void LogRing::append(std::string_view bytes) {
  if (bytes.size() > log_ring_bytes) bytes.remove_prefix(bytes.size() - log_ring_bytes);
  const std::size_t grows = std::min(bytes.size(), log_ring_bytes - bytes_.size());
  bytes_.append(bytes.substr(0, grows));
  bytes.remove_prefix(grows);
  while (!bytes.empty()) {
    const std::size_t size = std::min(bytes.size(), log_ring_bytes - next_);
    std::copy_n(bytes.begin(), size, bytes_.begin() + static_cast<std::ptrdiff_t>(next_));
    next_ = (next_ + size) % log_ring_bytes;
    bytes.remove_prefix(size);
  }
}

std::string LogRing::text() const {
  return bytes_.substr(next_) + bytes_.substr(0, next_);
}

LogDrain::LogDrain(int pipe)
    : pipe_(pipe), wake_(eventfd(0, EFD_CLOEXEC)), ended_(eventfd(0, EFD_CLOEXEC)), thread_([this] { run(); }) {}

LogDrain::~LogDrain() {
  eventfd_write(wake_, 1);
  thread_.join();
  for (const int descriptor : {pipe_, wake_, ended_}) ::close(descriptor);
}

std::string LogDrain::tail() const {
  const std::lock_guard lock(mutex_);
  return last_lines(ring_.text());
}

void LogDrain::wait_for_end(int milliseconds) {
  pollfd waiting{ended_, POLLIN, 0};
  ::poll(&waiting, 1, milliseconds);
}

void LogDrain::run() {
  char bytes[65536];
  for (;;) {
    pollfd waiting[] = {{pipe_, POLLIN, 0}, {wake_, POLLIN, 0}};
    if (::poll(waiting, 2, -1) < 0 && errno != EINTR) return;
    if (waiting[1].revents != 0) return;
    if (waiting[0].revents == 0) continue;
    const ssize_t size = ::read(pipe_, bytes, sizeof bytes);
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) break;
    const std::lock_guard lock(mutex_);
    ring_.append({bytes, static_cast<std::size_t>(size)});
  }
  eventfd_write(ended_, 1);
}

}  // namespace burstgate::target

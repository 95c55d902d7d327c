// The end of what a service wrote to stdout and stderr. It is always drained, or a full pipe would slow the service
// down and look like a regression.
#pragma once

#include <mutex>
#include <string>
#include <string_view>
#include <thread>

namespace burstgate::target {

inline constexpr std::size_t log_ring_bytes = 1u << 20;
inline constexpr std::size_t log_tail_bytes = 64u << 10;
inline constexpr int log_tail_lines = 50;

// The last log_tail_lines lines of the text, and of these the last log_tail_bytes.
std::string last_lines(std::string_view text);

class LogRing {
 public:
  void append(std::string_view bytes);
  std::string text() const;  // at most log_ring_bytes, oldest first

 private:
  std::string bytes_;     // grows to log_ring_bytes, then is written round
  std::size_t next_ = 0;  // where the oldest byte is, once it is full
};

// Reads a pipe into a ring in a thread of its own until its end, or until it is told to stop.
class LogDrain {
 public:
  explicit LogDrain(int pipe);  // takes the descriptor
  ~LogDrain();
  LogDrain(const LogDrain&) = delete;
  LogDrain& operator=(const LogDrain&) = delete;

  std::string tail() const;
  // Waits at most that long for the pipe's end, so that the last words are in the tail.
  void wait_for_end(int milliseconds);

 private:
  void run();

  int pipe_;
  int wake_;   // eventfd
  int ended_;  // eventfd, readable when the pipe has ended
  mutable std::mutex mutex_;
  LogRing ring_;
  std::thread thread_;
};

}  // namespace burstgate::target

// How much of a CPU does a thread get that never sleeps? The hypervisor of a shared runner takes CPU time away for
// seconds while /proc/stat shows no steal; a thread that only reads the clock sees it as gaps between two readings.
#pragma once

#include <chrono>

namespace burstgate::probe {

// A gap longer than this was somebody else's time: reading the clock takes well below a microsecond, an interrupt a
// few.
inline constexpr std::chrono::microseconds longest_own_gap{50};

// Sums gaps between readings. Pure: instants are arguments. Time in which other threads of this machine had the CPU is
// a gap as well, but nothing hidden: the kernel knows how long the spinning thread waited for its turn, and that is
// subtracted.
class SpinAccount {
 public:
  using Instant = std::chrono::steady_clock::time_point;
  explicit SpinAccount(Instant start) : start_(start), last_(start) {}

  void reading(Instant now) {
    if (now - last_ > longest_own_gap) lost_ += now - last_;
    last_ = now;
  }
  // Share of the time so far that was lost but not spent waiting for other threads, 0..1.
  double lost_share(std::chrono::nanoseconds waited) const {
    const auto all = last_ - start_;
    if (all.count() <= 0 || lost_ <= waited) return 0;
    return static_cast<double>((lost_ - waited).count()) / static_cast<double>(all.count());
  }

 private:
  Instant start_;
  Instant last_;
  std::chrono::steady_clock::duration lost_{0};
};

// Spins on the calling thread for this long. Share of the time that the host took away, 0..1.
double lost_cpu(std::chrono::microseconds length);

}  // namespace burstgate::probe

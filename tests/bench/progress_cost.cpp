// What the live progress line costs: redraws on a real pseudo-terminal, ten per second in a burst. Prints the share of
// one CPU and fails above 1 %.
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <ctime>
#include <thread>

#include "cli/progress.hpp"
#include "load/live_latency.hpp"

namespace {

constexpr double redraws_per_s = 10;
constexpr double limit_share = 0.01;
constexpr int redraws = 20'000;
constexpr int generator_threads = 8;

double cpu_s() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

// Standard error becomes a terminal that somebody reads.
void open_terminal() {
  const int terminal = posix_openpt(O_RDWR | O_NOCTTY);
  if (terminal < 0 || grantpt(terminal) != 0 || unlockpt(terminal) != 0) std::exit(2);
  const int side = open(ptsname(terminal), O_RDWR | O_NOCTTY);
  if (side < 0 || dup2(side, STDERR_FILENO) < 0) std::exit(2);
  std::thread([terminal] {
    std::array<char, 4096> buffer{};
    while (read(terminal, buffer.data(), buffer.size()) > 0) {
    }
  }).detach();
}

}  // namespace

int main() {
  using namespace burstgate;
  open_terminal();
  std::array<load::LiveLatency, generator_threads> latencies;
  for (int i = 0; i < 100'000; ++i) latencies[static_cast<std::size_t>(i % generator_threads)].record(1 + i % 50'000);
  cli::ProgressLine line(false);
  load::Progress progress;
  progress.phase = load::Progress::Phase::measuring;
  progress.total_s = 30;
  progress.users = 20;
  load::LiveLatency::Counts before{};
  const double began_s = cpu_s();
  for (int i = 0; i < redraws; ++i) {
    load::LiveLatency::Counts now{};
    for (const auto& latency : latencies) latency.add_to(now);
    progress.elapsed_s = i / redraws_per_s;
    progress.recent_per_s = 1000 + i % 7;
    progress.recent_p95_us = load::recent_quantile_us(before, now, 0.95);
    progress.seconds_seen = i / 10;
    line.show(progress);
  }
  const double each_us = (cpu_s() - began_s) / redraws * 1e6;
  const double share = each_us * 1e-6 * redraws_per_s;
  fmt::print("{:.1f} us for a redraw, {:.0f} per second: {:.3f} % of one CPU, limit {:.0f} %\n", each_us, redraws_per_s,
             share * 100, limit_share * 100);
  return share < limit_share ? 0 : 1;
}

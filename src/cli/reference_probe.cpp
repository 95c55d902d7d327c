#include "cli/reference_probe.hpp"

#include <fmt/format.h>
#include <sched.h>

#include <cmath>
#include <future>
#include <thread>

#include "base/assert.hpp"
#include "base/error.hpp"
#include "config/plan.hpp"
#include "load/burst.hpp"
#include "stats/sample.hpp"
#include "target/demo_service.hpp"

namespace burstgate::cli {

namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

constexpr milliseconds slice_length{90};
constexpr milliseconds slice_warmup{10};
// Before each slice, at random: so that nothing periodic stays in step with the slices.
constexpr milliseconds shortest_gap{5};
constexpr milliseconds longest_gap{25};

// While it lives, the calling thread and those it starts share one CPU. Between two CPUs an echo is mostly the time of
// waking the other one, and depends on where the threads happen to be put: slices differ by a third, runs by as much.
// Where the system refuses, the threads stay free.
class OneCpu {
 public:
  explicit OneCpu(std::uint64_t choice) {
    if (sched_getaffinity(0, sizeof allowed_, &allowed_) != 0) return;
    const auto among = static_cast<std::uint64_t>(CPU_COUNT(&allowed_));
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(nth_allowed(choice % among), &one);
    pinned_ = sched_setaffinity(0, sizeof one, &one) == 0;
  }
  ~OneCpu() {
    if (pinned_) sched_setaffinity(0, sizeof allowed_, &allowed_);
  }
  OneCpu(const OneCpu&) = delete;
  OneCpu& operator=(const OneCpu&) = delete;

 private:
  int nth_allowed(std::uint64_t n) const {
    int cpu = 0;
    while (!CPU_ISSET(cpu, &allowed_) || n-- > 0) ++cpu;
    return cpu;
  }

  cpu_set_t allowed_{};
  bool pinned_ = false;
};

// The built-in service with nothing but /echo, for as long as this object lives.
class EchoService {
 public:
  EchoService() : thread_([this] { serve(); }) {}
  ~EchoService() {
    stop_ = true;
    thread_.join();
  }
  EchoService(const EchoService&) = delete;
  EchoService& operator=(const EchoService&) = delete;

  // Waits until it listens. Throws what kept it from that.
  std::string url() { return fmt::format("http://127.0.0.1:{}/echo", port_.get_future().get()); }

 private:
  void serve() {
    bool listening = false;
    try {
      target::DemoOptions options;
      options.endpoints = {{.path = "/echo"}};
      target::serve(options, stop_, [&](std::uint16_t port) {
        listening = true;
        port_.set_value(port);
      });
    } catch (...) {
      if (!listening) port_.set_exception(std::current_exception());  // later on, the slices' errors tell
    }
  }

  std::atomic<bool> stop_{false};
  std::promise<std::uint16_t> port_;
  std::thread thread_;
};

config::Plan slice_plan() {
  config::Step step;
  step.name = "echo";
  step.method = "GET";
  step.target = step.target_shown = "/echo";
  config::Plan plan;
  plan.scenarios = {{.name = "echo", .steps = {step}}};
  plan.profile.closed = {.users = 1, .spawn_rate_per_s = 0};
  plan.profile.warmup = slice_warmup;
  plan.profile.duration = slice_length;
  plan.limits.request_timeout = plan.limits.connect_timeout = plan.limits.drain = milliseconds(200);
  return plan;
}

}  // namespace

double reference_seconds() {
  const auto each = slice_warmup + slice_length + (shortest_gap + longest_gap) / 2;
  return reference_slices * std::chrono::duration<double>(each).count();
}

ReferenceProbe::ReferenceProbe(std::uint64_t seed, const std::atomic<int>& stop_signal)
    : random_(seed), stop_signal_(stop_signal) {}

void ReferenceProbe::measure_half() {
  std::uniform_int_distribution<microseconds::rep> gap_us(microseconds(shortest_gap).count(),
                                                          microseconds(longest_gap).count());
  load::Control control;
  control.stop_signal = &stop_signal_;
  try {
    const OneCpu cpu(random_());
    EchoService echo;
    const std::string url = echo.url();
    for (int slice = 0; slice < reference_slices / 2 && trouble_.empty(); ++slice) {
      std::this_thread::sleep_for(microseconds(gap_us(random_)));
      if (stop_signal_ != 0) return;
      const auto measured = load::run_burst(slice_plan(), url, control);
      const auto& total = measured.total;
      if (measured.partial) return;
      if (total.counts.ok == 0 || total.counts.ok < total.counts.started) {
        trouble_ = fmt::format("{} of {} requests to the built-in echo service succeeded", total.counts.ok,
                               total.counts.started);
      } else {
        medians_us_.push_back(fine_median_us(total.latencies.ok));
      }
    }
  } catch (const Error& error) {
    trouble_ = error.problems().front().what;
  }
}

std::optional<measure::Reference> ReferenceProbe::result() const {
  if (medians_us_.size() < reference_slices) return std::nullopt;
  return reference_of(medians_us_);
}

double fine_median_us(const measure::Histogram& latencies) {
  BURSTGATE_ASSERT(!latencies.empty());
  const double half = static_cast<double>(latencies.count()) / 2;
  double below = 0;
  for (std::size_t bucket = 0;; ++bucket) {
    const auto count = static_cast<double>(latencies.count_in(bucket));
    if (count > 0 && below + count >= half) {
      const auto low = static_cast<double>(measure::Histogram::lowest_in(bucket));
      const auto width = static_cast<double>(measure::Histogram::highest_in(bucket)) + 1 - low;
      return low + (half - below) / count * width;
    }
    below += count;
  }
}

measure::Reference reference_of(const std::vector<double>& medians_us) {
  std::vector<double> logs;
  for (const double median_us : medians_us) logs.push_back(std::log(median_us));
  // Whole nanoseconds, as it is saved, so that what is read back is judged alike.
  const double p50_us = std::round(stats::median(medians_us) * 1e3) / 1e3;
  return {p50_us, stats::standard_deviation(logs), static_cast<int>(medians_us.size())};
}

}  // namespace burstgate::cli

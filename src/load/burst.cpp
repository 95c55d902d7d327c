// The burst: threads are started, watched and joined here; their accounts become one measurement.
#include "load/burst.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <deque>

#include "load/errands.hpp"
#include "load/generator_account.hpp"
#include "load/preflight.hpp"
#include "load/resolution.hpp"
#include "load/worker.hpp"
#include "load/worker_threads.hpp"
#include "measure/environment.hpp"
#include "protocol/url.hpp"

namespace burstgate::load {

using std::chrono::duration_cast;
using std::chrono::milliseconds;

namespace {

constexpr auto watch_interval = milliseconds(20);
constexpr auto progress_interval = milliseconds(100);
constexpr auto longest_normal_gap = milliseconds(50);
constexpr auto dead_after = milliseconds(1000);  // nothing but refused connections for this long
constexpr std::uint64_t spare_descriptors = 64;

std::uint64_t connections_wanted(const config::Plan& plan) {
  return static_cast<std::uint64_t>(plan.profile.open ? plan.profile.open->connections : plan.profile.closed.users);
}

Window window_from(Instant start, const config::Plan& plan) {
  const Instant begin = start + duration_cast<Duration>(std::chrono::duration<double>(warmup_seconds(plan)));
  return {begin, begin + plan.profile.duration, slice_length_for(plan.profile.duration)};
}

// Looks at the threads from outside: progress, signals, a dead target, a machine that stood still.
class Watch {
 public:
  Watch(const BurstSetup& setup, const Control& control, std::atomic<Clock::rep>& stop_at, std::deque<Worker>& workers)
      : setup_(setup), control_(control), stop_at_(stop_at), workers_(workers), last_alive_(setup.start) {
    recent_.at = setup.start;
  }

  // Called every watch_interval while the threads run.
  void look() {
    const Instant now = Clock::now();
    note_gap(last_look_, now);
    last_look_ = now;
    note_window_edges(now);
    if (stop_at_ != 0) return;
    look_for_a_reason_to_stop(now);
    if (now < next_progress_) return;
    report_progress(now);
    next_progress_ = now + progress_interval;
  }

  void threads_ended() { note_window_edges(setup_.window.end); }

  std::string stop_reason;
  bool target_died = false;
  double paused_s = 0;
  double steal_share = 0;

 private:
  void note_gap(Instant before, Instant now) {
    const Duration gap = now - before - watch_interval;
    if (gap > longest_normal_gap && now > setup_.window.start && before < setup_.window.end)
      paused_s += to_seconds(gap);
  }

  void note_window_edges(Instant now) {
    if (now < setup_.window.start) return;
    if (!ticks_at_start_) ticks_at_start_ = measure::read_cpu_ticks();
    if (now < setup_.window.end || edges_done_ || !ticks_at_start_) return;
    edges_done_ = true;
    const auto ticks = measure::read_cpu_ticks();
    if (!ticks || ticks->total <= ticks_at_start_->total) return;
    steal_share = static_cast<double>(ticks->steal - ticks_at_start_->steal) /
                  static_cast<double>(ticks->total - ticks_at_start_->total);
  }

  void look_for_a_reason_to_stop(Instant now) {
    if (control_.stop_signal != nullptr && control_.stop_signal->load() != 0) {
      end_early(fmt::format("interrupted after {:.1f} s", to_seconds(now - setup_.start)));
    } else if (control_.target_alive && !control_.target_alive()) {
      target_died = true;
      end_early(fmt::format("the service's process ended {:.2f} s after the start", to_seconds(now - setup_.start)));
    } else if (const auto without = setup_.feeders->exhausted(); !without.empty() && everybody_left()) {
      end_early(without.front());
    } else {
      look_for_a_dead_target(now);
    }
  }

  // Of the closed model: users that got no row any more end.
  bool everybody_left() const {
    return !setup_.plan->profile.open && std::all_of(workers_.begin(), workers_.end(), [](const Worker& worker) {
      return worker.live().users.load(std::memory_order_relaxed) == 0;
    });
  }

  void look_for_a_dead_target(Instant now) {
    std::uint64_t finished = 0, refused = 0;
    for (const Worker& worker : workers_) {
      finished += worker.live().finished.load(std::memory_order_relaxed);
      refused += worker.live().refused.load(std::memory_order_relaxed);
    }
    const bool only_refused = refused > last_refused_ && finished - last_finished_ == refused - last_refused_;
    if (!only_refused && finished > last_finished_) last_alive_ = now;
    if (only_refused && now - last_alive_ > dead_after) {
      target_died = true;
      end_early(fmt::format("target died {:.2f} s after the start, after {} answers: connection refused",
                            to_seconds(last_alive_ - setup_.start), finished - refused));
    }
    last_finished_ = finished;
    last_refused_ = refused;
  }

  void end_early(std::string reason) {
    stop_reason = std::move(reason);
    stop_at_ = Clock::now().time_since_epoch().count();
  }

  void report_progress(Instant now) {
    if (!control_.on_progress) return;
    Progress progress;
    progress.elapsed_s = to_seconds(now - setup_.start);
    progress.total_s = to_seconds(setup_.window.end - setup_.start);
    progress.phase = now < setup_.window.start ? Progress::Phase::warmup
                     : now < setup_.window.end ? Progress::Phase::measuring
                                               : Progress::Phase::draining;
    for (const Worker& worker : workers_) {
      const std::uint64_t finished = worker.live().finished.load(std::memory_order_relaxed);
      progress.finished += finished;
      progress.failed += finished - std::min(finished, worker.live().ok.load(std::memory_order_relaxed));
      progress.connections += worker.live().connections.load(std::memory_order_relaxed);
      progress.users += worker.live().users.load(std::memory_order_relaxed);
    }
    if (const auto& open = setup_.plan->profile.open) progress.asked_per_s = open->rate_per_s;
    note_recent(now, progress.finished);
    progress.recent_per_s = recent_.per_s;
    progress.recent_p95_us = recent_.p95_us;
    progress.seconds_seen = recent_.seconds_seen;
    control_.on_progress(progress);
  }

  // Once a second: what ended since the last time.
  void note_recent(Instant now, std::uint64_t finished) {
    const double passed_s = to_seconds(now - recent_.at);
    if (passed_s < 1) return;
    LiveLatency::Counts counts{};
    for (const Worker& worker : workers_) worker.live().latency.add_to(counts);
    recent_.p95_us = recent_quantile_us(recent_.counts, counts, 0.95);
    recent_.per_s = static_cast<double>(finished - recent_.finished) / passed_s;
    recent_.counts = counts;
    recent_.finished = finished;
    recent_.at = now;
    ++recent_.seconds_seen;
  }

  struct Recent {
    Instant at;
    std::uint64_t finished = 0;
    LiveLatency::Counts counts{};
    double per_s = 0;
    std::optional<double> p95_us;
    int seconds_seen = 0;
  };

  const BurstSetup& setup_;
  const Control& control_;
  std::atomic<Clock::rep>& stop_at_;
  std::deque<Worker>& workers_;
  Instant last_look_ = Clock::now();
  Instant next_progress_ = last_look_;
  Instant last_alive_;
  Recent recent_;
  std::uint64_t last_finished_ = 0;
  std::uint64_t last_refused_ = 0;
  std::optional<measure::CpuTicks> ticks_at_start_;
  bool edges_done_ = false;
};

// ---- the threads' accounts become one measurement ----

std::vector<measure::Slice> to_slices(const std::vector<SliceSamples>& samples, const Window& window) {
  std::vector<measure::Slice> slices;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const Instant start = window.start + window.slice_length * static_cast<Duration::rep>(i);
    const Instant end = std::min(window.end, start + window.slice_length);
    slices.push_back(
        to_slice(samples[i], to_seconds(start - window.start), to_seconds(std::max(end - start, Duration(0)))));
  }
  return slices;
}

void merge_slices(std::vector<SliceSamples>& into, const std::vector<SliceSamples>& from) {
  for (std::size_t i = 0; i < std::min(into.size(), from.size()); ++i) into[i].merge(from[i]);
}

void merge_accounts(measure::Measurement& measurement, std::deque<Worker>& workers, const BurstSetup& setup,
                    const Window& window) {
  std::vector<SliceSamples> total_slices(window.slice_count());
  const auto& names = setup.requests.endpoint_names;
  std::vector<std::vector<SliceSamples>> slices(names.size(), std::vector<SliceSamples>(window.slice_count()));
  for (const auto& endpoint_name : names) measurement.endpoints.emplace_back().name = endpoint_name;
  for (Worker& worker : workers) {
    auto accounts = worker.recorder().take();
    for (std::size_t i = 0; i < accounts.size(); ++i) {
      measurement.endpoints[i].counts.add(accounts[i].counts);
      measurement.endpoints[i].latencies.merge(accounts[i].latencies);
      merge_slices(slices[i], accounts[i].slices);
    }
  }
  for (std::size_t i = 0; i < names.size(); ++i) {
    measure::EndpointResult& endpoint = measurement.endpoints[i];
    endpoint.slices = to_slices(slices[i], window);
    merge_slices(total_slices, slices[i]);
    measurement.total.counts.add(endpoint.counts);
    measurement.total.latencies.merge(endpoint.latencies);
  }
  measurement.total.slices = to_slices(total_slices, window);
}

}  // namespace

measure::Measurement blank_measurement(const config::Plan& plan, const std::string& origin) {
  measure::Measurement measurement;
  measurement.tool = "burstgate " BURSTGATE_VERSION;
  measurement.started_at_unix_s = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  measurement.operation = plan.operation;
  measurement.profile = plan.profile.name;
  measurement.load_model = plan.profile.open ? "open" : "closed";
  measurement.target = origin;
  measurement.environment = measure::read_environment();
  measurement.workload = workload_of(plan);
  return measurement;
}

measure::Measurement run_burst(const config::Plan& plan, const std::string& url_text, const Control& control) {
  const protocol::Url url = protocol::parse_url(url_text, "service.url");
  std::atomic<Clock::rep> stop_at{0};
  BurstSetup setup;
  setup.plan = &plan;
  setup.requests = render_requests(plan, url);
  setup.threads = thread_count(plan.profile, plan.threads);
  setup.seed = plan.seed;
  setup.stop_at = &stop_at;
  Feeders feeders(plan.feeders);
  setup.feeders = &feeders;
  ensure_descriptors(connections_wanted(plan) + spare_descriptors);
  const Reached reached = reach(url, plan.limits.connect_timeout);
  measure::Measurement measurement = blank_measurement(plan, url.origin());
  if (reached.text != url.host + ":" + std::to_string(url.port)) {
    measurement.notes.push_back(fmt::format("{} was reached at {}", url.host, reached.text));
  }

  std::deque<EventLoop> loops(static_cast<std::size_t>(setup.threads));
  std::deque<ConnectionPool> pools(static_cast<std::size_t>(setup.threads));
  for (ConnectionPool& pool : pools) pool.peer = reached.peer;
  SetupAccount setup_account;
  Errands errands(setup, loops, pools, control.stop_signal, setup_account);
  setup.run_values = errands.set_up_run();

  setup.start = Clock::now() + milliseconds(1);
  setup.window = window_from(setup.start, plan);
  std::deque<Worker> workers;
  for (int i = 0; i < setup.threads; ++i) {
    const auto index = static_cast<std::size_t>(i);
    workers.emplace_back(setup, i, loops[index], pools[index]);
  }
  Watch watch(setup, control, stop_at, workers);
  run_workers(workers, stop_at, watch_interval, [&watch] { watch.look(); });
  watch.threads_ended();
  setup_account.add(workers);
  if (!watch.target_died) errands.tear_down();  // from here on nothing touches the network

  const Window window = workers.front().recorder().window();  // shorter than planned when it was cut
  measurement.warmup_s = to_seconds(window.start - setup.start);
  measurement.duration_s = to_seconds(std::max(window.end - window.start, Duration(0)));
  measurement.stop_reason = watch.stop_reason;
  measurement.partial = !watch.stop_reason.empty();
  measurement.target_died = watch.target_died;
  merge_accounts(measurement, workers, setup, window);
  measurement.generator.threads = setup.threads;
  measurement.generator.connections_asked = plan.profile.open ? 0 : connections_wanted(plan);
  GeneratorAccount account;
  account.add(workers);
  account.write_to(measurement);
  setup_account.write_to(measurement, setup.requests.setup_names);
  for (std::string& sentence : feeders.exhausted()) measurement.notes.push_back(std::move(sentence));
  measurement.generator.paused_s = watch.paused_s;
  measurement.generator.steal_share = watch.steal_share;
  if (const auto p50_us = measure::value_of(measurement.total, Metric::latency_p50, measurement.duration_s)) {
    if (const auto note = resolution_note(clock_tick_us(), *p50_us)) measurement.notes.push_back(*note);
  }
  measure::check_accounting(measurement);
  return measurement;
}

}  // namespace burstgate::load

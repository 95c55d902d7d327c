// A slice is a small burst: the same workers, on event loops and connections that are kept for the next one.
#include "load/duet.hpp"

#include <algorithm>

#include "base/assert.hpp"
#include "load/burst.hpp"
#include "load/errands.hpp"
#include "load/preflight.hpp"
#include "load/worker_threads.hpp"

namespace burstgate::load {

using measure::PairPhase;
using measure::Side;
using std::chrono::milliseconds;

namespace {

constexpr auto watch_interval = milliseconds(5);
constexpr auto lead = std::chrono::microseconds(300);  // for the threads to start
constexpr std::uint64_t spare_descriptors = 128;
constexpr int open_model_connections = 256;

config::Plan closed_plan(config::Plan plan, int users) {
  plan.profile.open.reset();
  plan.profile.closed = {.users = users, .spawn_rate_per_s = 0};
  return plan;
}

config::Plan open_plan(config::Plan plan) {
  if (!plan.profile.open) plan.profile.open = config::OpenLoad{.rate_per_s = 0, .connections = open_model_connections};
  return plan;
}

RequestSet without_pauses(RequestSet requests) {
  for (auto& scenario : requests.scenarios) scenario.wait_min = scenario.wait_max = Duration(0);
  return requests;
}

}  // namespace

Duet::Duet(const config::Plan& plan, int users, const std::atomic<int>& stop_signal)
    : latency_plan_(open_plan(plan)),
      throughput_plan_(closed_plan(plan, users)),
      stop_signal_(stop_signal),
      threads_(thread_count(throughput_plan_.profile, plan.threads)),
      loops_(static_cast<std::size_t>(threads_)) {
  const auto connections = static_cast<std::uint64_t>(std::max(users, latency_plan_.profile.open->connections));
  ensure_descriptors(2 * connections + spare_descriptors);
}

void Duet::set_rate(double rate_per_s) {
  BURSTGATE_ASSERT(rate_per_s > 0);
  latency_plan_.profile.open->rate_per_s = rate_per_s;
}

void Duet::reach(Side side, const std::string& url_text) {
  Lane& lane = this->lane(side);
  const protocol::Url url = protocol::parse_url(url_text, "service.url");
  const Reached reached = load::reach(url, latency_plan_.limits.connect_timeout);
  if (lane.origin.empty()) lane.origin = url.origin();
  lane.requests = render_requests(latency_plan_, url);
  lane.hurried_requests = without_pauses(lane.requests);
  lane.pools.clear();
  for (int i = 0; i < threads_; ++i) lane.pools.emplace_back().peer = reached.peer;
  if (lane.endpoints.empty()) {
    lane.endpoints.resize(lane.requests.endpoint_names.size());
    lane.slices.resize(lane.endpoints.size());
  }
  lane.feeders = std::make_unique<Feeders>(latency_plan_.feeders);  // the users are new ones
  lane.run_values.clear();
  const BurstSetup setup = errand_setup(lane);
  lane.run_values = Errands(setup, loops_, lane.pools, &stop_signal_, lane.setup_account).set_up_run();
}

void Duet::leave(Side side) {
  Lane& lane = this->lane(side);
  if (lane.pools.empty()) return;
  const BurstSetup setup = errand_setup(lane);
  Errands(setup, loops_, lane.pools, &stop_signal_, lane.setup_account).tear_down();
  lane.pools.clear();
}

BurstSetup Duet::errand_setup(const Lane& lane) {
  BurstSetup setup;
  setup.plan = &latency_plan_;
  setup.requests = lane.requests;
  setup.feeders = lane.feeders.get();
  setup.run_values = lane.run_values;
  return setup;
}

BurstSetup Duet::setup_for(const Lane& lane, const SliceLoad& load) {
  BURSTGATE_ASSERT(load.duration > uncounted_start && !lane.pools.empty());
  const bool open = load.phase == PairPhase::latency;
  BurstSetup setup;
  setup.plan = open ? &latency_plan_ : &throughput_plan_;
  setup.requests = open ? lane.requests : lane.hurried_requests;
  setup.seed = load.seed;
  setup.feeders = lane.feeders.get();
  setup.run_values = lane.run_values;
  setup.threads = threads_;
  setup.stop_at = &stop_at_;
  setup.start = Clock::now() + lead;
  const Instant begin = setup.start + uncounted_start;
  const Instant end = setup.start + load.duration;
  setup.window = {begin, end, end - begin};
  return setup;
}

measure::SideSlice Duet::run(Side side, const SliceLoad& load) {
  Lane& lane = this->lane(side);
  const BurstSetup setup = setup_for(lane, load);
  std::deque<Worker> workers;
  for (int i = 0; i < threads_; ++i) {
    const auto index = static_cast<std::size_t>(i);
    workers.emplace_back(setup, i, loops_[index], lane.pools[index]);
  }
  run_workers(workers, stop_at_, watch_interval, [this] {
    if (stop_signal_.load() != 0 && stop_at_ == 0) stop_at_ = Clock::now().time_since_epoch().count();
  });
  return collect(lane, workers, load);
}

measure::SideSlice Duet::collect(Lane& lane, std::deque<Worker>& workers, const SliceLoad& load) {
  measure::SideSlice result;
  lane.setup_account.add(workers);
  std::vector<Recorder::Endpoint> sums(lane.endpoints.size());
  std::vector<SliceSamples> samples(sums.size());
  SliceSamples total;
  measure::Histogram lags;
  for (Worker& worker : workers) {
    auto endpoints = worker.recorder().take();
    for (std::size_t i = 0; i < sums.size(); ++i) {
      samples[i].merge(endpoints[i].slices.front());
      sums[i].counts.add(endpoints[i].counts);
      sums[i].latencies.merge(endpoints[i].latencies);
    }
    lags.merge(worker.recorder().lags());
    result.answered += worker.live().ok.load();
    result.generator_cpu = std::max(result.generator_cpu, worker.cpu_share());
  }
  for (const auto& endpoint : sums) {  // complete, though not what was expected
    result.answered += endpoint.counts[measure::Failure::status] + endpoint.counts[measure::Failure::check] +
                       endpoint.counts[measure::Failure::save];
  }
  const Window& window = workers.front().recorder().window();
  const double start_s = to_seconds(window.start - began_);
  const double duration_s = to_seconds(std::max(window.end - window.start, Duration(0)));
  for (const auto& endpoint : samples) {
    total.merge(endpoint);
    result.endpoints.push_back(to_slice(endpoint, start_s, duration_s));
  }
  result.total = to_slice(total, start_s, duration_s);
  if (total.samples > 0) result.p96_us = quantile_us(total, 0.96);
  if (!lags.empty()) result.send_lag_p99_us = static_cast<double>(*lags.value_at_us(0.99));
  if (load.counted && load.phase == PairPhase::latency) {
    keep(lane, sums, result);
    lane.generator.add(workers);
  }
  return result;
}

void Duet::keep(Lane& lane, std::vector<Recorder::Endpoint>& endpoints, const measure::SideSlice& slice) {
  for (std::size_t i = 0; i < endpoints.size(); ++i) {
    lane.endpoints[i].counts.add(endpoints[i].counts);
    lane.endpoints[i].latencies.merge(endpoints[i].latencies);
    lane.slices[i].push_back(slice.endpoints[i]);
  }
  lane.total_slices.push_back(slice.total);
  lane.measured_s += slice.total.duration_s;
}

std::vector<std::string> Duet::endpoint_names() const {
  return lanes_.front().requests.endpoint_names;
}

measure::Measurement Duet::measurement(Side side) const {
  const Lane& lane = lanes_[static_cast<std::size_t>(side)];
  measure::Measurement measurement = blank_measurement(latency_plan_, lane.origin);
  measurement.duration_s = lane.measured_s;
  measurement.total.slices = lane.total_slices;
  for (std::size_t i = 0; i < lane.endpoints.size(); ++i) {
    measure::EndpointResult& endpoint = measurement.endpoints.emplace_back();
    endpoint.name = lane.requests.endpoint_names[i];
    endpoint.counts = lane.endpoints[i].counts;
    endpoint.latencies = lane.endpoints[i].latencies;
    endpoint.slices = lane.slices[i];
    measurement.total.counts.add(endpoint.counts);
    measurement.total.latencies.merge(endpoint.latencies);
  }
  measurement.generator.threads = threads_;
  lane.generator.write_to(measurement);
  lane.setup_account.write_to(measurement, lane.requests.setup_names);
  measure::check_accounting(measurement);
  return measurement;
}

}  // namespace burstgate::load

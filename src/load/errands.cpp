// An errand is a burst of its own without a load: the same worker, on a thread of its own, with a window that is long
// enough for its steps.
#include "load/errands.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "load/worker_threads.hpp"

namespace burstgate::load {

namespace {

constexpr auto watch_interval = std::chrono::milliseconds(5);
constexpr auto longest_errand = std::chrono::seconds(60);

}  // namespace

bool Errands::perform(EventLoop& loop, ConnectionPool& pool, std::vector<Worker::Errand> errands) {
  std::atomic<Clock::rep> stop_at{0};
  BurstSetup setup = setup_;
  setup.stop_at = &stop_at;
  setup.threads = 1;
  setup.start = Clock::now();
  setup.window = {setup.start, setup.start + longest_errand, longest_errand};
  std::deque<Worker> workers;
  workers.emplace_back(setup, 0, loop, pool).take_errands(std::move(errands));
  run_workers(workers, stop_at, watch_interval, [&] {
    const bool signalled = stop_signal_ != nullptr && stop_signal_->load() != 0;
    if (signalled && stop_at == 0) stop_at = Clock::now().time_since_epoch().count();
  });
  account_.add(workers);
  return workers.front().errands_succeeded();
}

std::vector<std::string> Errands::set_up_run() {
  const ScenarioRequests& around = setup_.requests.around;
  if (around.setup.empty()) return {};
  ConnectionPool pool;
  pool.peer = pools_.front().peer;
  if (!perform(loops_.front(), pool, {{nullptr, &around, &around.setup}})) {
    const auto causes = account_.causes().sentences();
    throw Error(Trouble::target, {.code = "E-311",
                                  .where = "workload.setup",
                                  .what = causes.empty() ? "it did not come to its end" : join(causes, "; "),
                                  .hint = "the load needs what it brings, so nothing was measured"});
  }
  std::vector<std::string> values = pool.memory_of(*pool.connections.front()).parts.at(around.index).slots;
  values.resize(setup_.plan->run_slots);
  return values;
}

// One scenario after the other: a user that did several has one connection.
void Errands::tear_down_users(const ScenarioRequests& scenario) {
  for (std::size_t i = 0; i < pools_.size(); ++i) {
    std::vector<Worker::Errand> errands;
    for (auto& connection : pools_[i].connections) {
      const UserMemory& memory = pools_[i].memory_of(*connection);
      if (memory.parts.size() <= scenario.index) continue;
      const UserMemory::Part& part = memory.parts[scenario.index];
      const bool owed = part.begun && (scenario.setup.empty() || part.is_set_up);
      if (owed) errands.push_back({connection.get(), &scenario, &scenario.teardown});
    }
    if (!errands.empty()) perform(loops_[i], pools_[i], std::move(errands));
  }
}

void Errands::tear_down() {
  for (const ScenarioRequests& scenario : setup_.requests.scenarios) {
    if (!scenario.teardown.empty()) tear_down_users(scenario);
  }
  const ScenarioRequests& around = setup_.requests.around;
  if (around.teardown.empty()) return;
  ConnectionPool pool;
  pool.peer = pools_.front().peer;
  perform(loops_.front(), pool, {{nullptr, &around, &around.teardown}});
}

}  // namespace burstgate::load

// Steps around the load: the run's setup before it, the users' and the run's teardown after it.
#pragma once

#include <atomic>
#include <deque>

#include "load/event_loop.hpp"
#include "load/setup_account.hpp"
#include "load/thread_state.hpp"

namespace burstgate::load {

class Errands {
 public:
  // `loops` and `pools`: of the generator threads, none of which runs meanwhile. A signal ends an errand at once.
  Errands(const BurstSetup& setup, std::deque<EventLoop>& loops, std::deque<ConnectionPool>& pools,
          const std::atomic<int>* stop_signal, SetupAccount& account)
      : setup_(setup), loops_(loops), pools_(pools), stop_signal_(stop_signal), account_(account) {}

  // The values that the run's setup has saved, for all users. Error (Trouble::target) when one of its steps failed.
  std::vector<std::string> set_up_run();

  // The teardown of every user that was set up, then the run's. What fails is counted.
  void tear_down();

 private:
  bool perform(EventLoop& loop, ConnectionPool& pool, std::vector<Worker::Errand> errands);
  void tear_down_users(const ScenarioRequests& scenario);

  const BurstSetup& setup_;
  std::deque<EventLoop>& loops_;
  std::deque<ConnectionPool>& pools_;
  const std::atomic<int>* stop_signal_;
  SetupAccount& account_;
};

}  // namespace burstgate::load

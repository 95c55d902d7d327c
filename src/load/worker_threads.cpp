#include "load/worker_threads.hpp"

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>

#include "measure/environment.hpp"

namespace burstgate::load {

namespace {

constexpr double threads_per_cpu = 0.5;  // the service usually shares the machine

}  // namespace

int thread_count(const config::Profile& profile, int configured) {
  const int wanted =
      configured > 0 ? configured : std::max(1, static_cast<int>(measure::allowed_cpus() * threads_per_cpu));
  return profile.open ? wanted : std::min(wanted, profile.closed.users);
}

void run_workers(std::deque<Worker>& workers, std::atomic<Clock::rep>& stop_at, Duration interval,
                 const std::function<void()>& watch) {
  std::mutex mutex;
  std::condition_variable ended;
  std::exception_ptr failure;
  int running = static_cast<int>(workers.size());
  std::vector<std::thread> threads;
  for (Worker& worker : workers) {
    threads.emplace_back([&] {
      std::exception_ptr thrown;
      try {
        worker.run();
      } catch (...) {
        thrown = std::current_exception();
        stop_at = Clock::now().time_since_epoch().count();
      }
      const std::lock_guard lock(mutex);
      if (thrown) failure = thrown;
      --running;
      ended.notify_one();
    });
  }
  for (std::unique_lock lock(mutex); running > 0;) {
    ended.wait_for(lock, interval);
    watch();
  }
  for (auto& thread : threads) thread.join();
  if (failure) std::rethrow_exception(failure);
}

}  // namespace burstgate::load

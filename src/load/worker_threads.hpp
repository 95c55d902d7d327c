// The threads of a burst: started, watched and joined.
#pragma once

#include <atomic>
#include <deque>
#include <functional>

#include "load/worker.hpp"

namespace burstgate::load {

// How many the profile needs; `configured`: 0 to choose from the allowed CPUs, of which the service usually needs half.
int thread_count(const config::Profile& profile, int configured);

// Runs every worker on a thread of its own until all have ended; `watch` is called on this thread every `interval`
// meanwhile. A worker that throws (a bug of ours) stops the others at `stop_at`, and is thrown again from here.
void run_workers(std::deque<Worker>& workers, std::atomic<Clock::rep>& stop_at, Duration interval,
                 const std::function<void()>& watch);

}  // namespace burstgate::load

// One virtual user: what it does with its connection, step by step, and how each step is accounted for.
#pragma once

#include "load/connection.hpp"
#include "load/thread_state.hpp"

namespace burstgate::load {

// An iteration of the open model and when it was due.
struct Arrival {
  const ScenarioRequests* scenario = nullptr;
  Instant due;
  bool waited = false;  // in the queue, because every connection was busy
};

enum class Performed { ok, failed, unreachable, too_late };  // too_late: the window is over, nothing was sent

class VirtualUser {
 public:
  VirtualUser(ThreadState& thread, Connection& connection) : thread_(thread), connection_(connection) {}

  // The scenario's steps in order; the first failure ends the iteration. `arrival`: of the open model, otherwise none.
  Task<Performed> iterate(const ScenarioRequests& scenario, const Arrival* arrival);

 private:
  Task<Performed> perform(const Request& request, const Arrival* arrival);
  bool reusable(Instant now);
  Performed finish(FinishedRequest& finished, const Request& request, const Exchange& exchange);

  ThreadState& thread_;
  Connection& connection_;
};

}  // namespace burstgate::load

// One virtual user: what it does with its connection, step by step, and how each step is accounted for.
#pragma once

#include "load/answer_check.hpp"
#include "load/connection.hpp"
#include "load/thread_state.hpp"

namespace burstgate::load {

// An iteration of the open model and when it was due.
struct Arrival {
  const ScenarioRequests* scenario = nullptr;
  Instant due;
  bool waited = false;  // in the queue, because every connection was busy
};

enum class Performed {
  ok,
  failed,
  unreachable,
  too_late,   // the window is over, nothing was sent
  exhausted,  // a feeder has no more rows, nothing was sent
};

class VirtualUser {
 public:
  VirtualUser(ThreadState& thread, Connection& connection, UserMemory& memory)
      : thread_(thread), connection_(connection), memory_(memory) {}

  // The scenario's steps in order; the first failure ends the iteration. `arrival`: of the open model, otherwise none.
  // Before the first iteration of a scenario come the steps of its setup.
  Task<Performed> iterate(const ScenarioRequests& scenario, const Arrival* arrival);

  // Steps before or after the load, with the values that the user has for the scenario.
  Task<Performed> run_errand(const ScenarioRequests& scenario, const std::vector<Request>& requests);

 private:
  bool begin_iteration(const ScenarioRequests& scenario);
  bool take_rows(const ScenarioRequests& scenario, UserMemory::Part& part);
  Task<Performed> set_up(const ScenarioRequests& scenario, const Arrival* arrival);
  void account_failed_setup(const ScenarioRequests& scenario, const Arrival* arrival, Instant begun);
  const Outgoing* outgoing_for(const Request& request, std::string& misfit);
  Task<Performed> perform(const Request& request, const Arrival* arrival);
  bool reusable(Instant now);
  Performed finish(FinishedRequest& finished, const Request& request, const Exchange& exchange);
  void judge_answer(FinishedRequest& finished, const Request& request, const Answer& answer);
  void absorb_cookies(const Request& request, const Answer& answer);
  void explain(const FinishedRequest& finished, const Request& request, const Objection& objection);
  Performed account(const FinishedRequest& finished);

  ThreadState& thread_;
  Connection& connection_;
  UserMemory& memory_;
  std::vector<std::string>* slots_ = nullptr;  // of the scenario under way
  FinishedRequest last_setup_;
  std::string last_objection_;
};

}  // namespace burstgate::load

#include "load/virtual_user.hpp"

#include "load/finished.hpp"

namespace burstgate::load {

using measure::Failure;

namespace {

constexpr auto idle_check_after = std::chrono::milliseconds(1);  // idle for longer, it may have been closed meanwhile

bool answer_is_good(const Request& request, const Answer& answer, FinishedRequest& finished) {
  const auto status = static_cast<std::size_t>(finished.status);
  if (status >= request.expected_status.size() || !request.expected_status[status]) {
    finished.failure = Failure::status;
    return false;
  }
  if (request.expected_body && answer.body.find(*request.expected_body) == std::string_view::npos) {
    finished.failure = Failure::check;
    return false;
  }
  if (!answer.events_came) {
    finished.failure = Failure::check;
    return false;
  }
  return true;
}

}  // namespace

// The scenario's steps in order; the first failure ends the iteration.
Task<Performed> VirtualUser::iterate(const ScenarioRequests& scenario, const Arrival* arrival) {
  Performed performed = Performed::ok;
  for (const Request& request : scenario.requests) {
    performed = co_await perform(request, arrival);
    arrival = nullptr;  // later steps are due when the step before them has ended
    if (performed != Performed::ok || thread_.cut) break;
  }
  co_return performed;
}

bool VirtualUser::reusable(Instant now) {
  if (!connection_.is_open()) return false;
  if (now - connection_.last_used() <= idle_check_after) return true;
  const IdleState state = connection_.check_idle();
  if (state == IdleState::unsolicited_bytes)
    ++thread_.anomalies[static_cast<std::size_t>(protocol::Anomaly::unsolicited)];
  return state == IdleState::usable;
}

Task<Performed> VirtualUser::perform(const Request& request, const Arrival* arrival) {
  const Instant called = Clock::now();
  if (arrival == nullptr && called >= thread_.recorder.window().end) co_return Performed::too_late;
  FinishedRequest finished{.endpoint = request.endpoint, .sent = called};
  finished.intended = arrival != nullptr ? arrival->due : called;
  Instant deadline = finished.intended + thread_.limits.request_timeout;
  if (called >= deadline) {  // waited in the queue for longer than a request may take
    co_return finish(finished, request, Exchange{.failure = Failure::timeout});
  }
  bool reused = reusable(called);
  if (reused && arrival != nullptr && !arrival->waited) thread_.recorder.send_lag(arrival->due, called);
  for (;;) {
    if (!connection_.is_open()) {
      const Instant connect_deadline = Clock::now() + thread_.limits.connect_timeout;
      const Exchange opened =
          co_await connection_.connect(thread_.open_model ? std::min(deadline, connect_deadline) : connect_deadline);
      thread_.connections_opened += opened.opened;
      if (opened.failure || opened.cut) co_return finish(finished, request, opened);
      finished.sent = Clock::now();
      if (!thread_.open_model) {  // connecting is a phase of its own: latency runs from the send
        if (finished.sent >= thread_.recorder.window().end) co_return Performed::too_late;
        finished.intended = finished.sent;
        deadline = finished.sent + thread_.limits.request_timeout;
      }
    }
    const Exchange exchange = co_await connection_.exchange(request.outgoing, deadline);
    thread_.connections_opened += exchange.opened;
    const bool send_again = exchange.stale && reused && request.idempotent;
    if (!send_again) co_return finish(finished, request, exchange);
    ++thread_.stale_retries;
    reused = false;
  }
}

Performed VirtualUser::finish(FinishedRequest& finished, const Request& request, const Exchange& exchange) {
  finished.ended = Clock::now();
  const Answer answer = connection_.answer();
  connection_.set_last_used(finished.ended);
  if (exchange.cut) {
    finished.end = End::unfinished;
  } else if (exchange.failure) {
    finished.end = End::failed;
    finished.failure = *exchange.failure;
  } else {
    finished.status = answer.status;
    finished.body_bytes = answer.body_bytes;
    finished.first_byte = answer.first_byte == Instant() ? finished.ended : answer.first_byte;
    finished.first_event = answer.first_event;
    finished.end = answer_is_good(request, answer, finished) ? End::ok : End::failed;
    if (!thread_.setup.plan->keep_alive) connection_.close();
  }
  if (const std::uint32_t seen = answer.anomalies; seen != 0) {
    for (std::size_t i = 0; i < protocol::anomaly_count; ++i) thread_.anomalies[i] += (seen >> i) & 1u;
  }
  return account_for(thread_, finished);
}

}  // namespace burstgate::load

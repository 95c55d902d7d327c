#include "load/websocket_user.hpp"

#include <algorithm>

#include "load/finished.hpp"

namespace burstgate::load {

using measure::Failure;

namespace {

struct Due {
  FinishedRequest finished;
  bool too_late = false;  // the window is over: nothing is sent
};

Due due_now(const ThreadState& thread, std::size_t endpoint, const Arrival* arrival) {
  const Instant now = Clock::now();
  Due due{.finished = {.endpoint = endpoint, .intended = arrival != nullptr ? arrival->due : now, .sent = now}};
  due.too_late = arrival == nullptr && now >= thread.recorder.window().end;
  return due;
}

Task<Performed> connect(ThreadState& thread, WebSocketSession& session, const WebSocketScript& script,
                        const Arrival* arrival) {
  Due due = due_now(thread, script.connect_endpoint, arrival);
  if (due.too_late) co_return Performed::too_late;
  const Handshake handshake = co_await session.open(due.finished.sent + thread.limits.connect_timeout);
  due.finished.ended = Clock::now();
  due.finished.status = handshake.status;
  if (thread.cut) {
    due.finished.end = End::unfinished;
  } else if (handshake.failure) {
    due.finished.end = End::failed;
    due.finished.failure = *handshake.failure;
  } else {
    ++thread.connections_opened;
  }
  co_return account_for(thread, due.finished);
}

Task<Performed> say(ThreadState& thread, WebSocketSession& session, const MessageStep& step, const Arrival* arrival) {
  Due due = due_now(thread, step.endpoint, arrival);
  if (due.too_late) co_return Performed::too_late;
  const Exchange exchange = co_await session.exchange(step, due.finished.intended + thread.limits.request_timeout);
  if (!step.await) co_return exchange.failure || exchange.cut ? Performed::failed : Performed::ok;
  due.finished.ended = exchange.failure || exchange.cut ? Clock::now() : session.replied_at();
  if (exchange.cut) {
    due.finished.end = End::unfinished;
  } else if (exchange.failure) {
    due.finished.end = End::failed;
    due.finished.failure = *exchange.failure;
  }
  co_return account_for(thread, due.finished);
}

// A user sleeps no longer than the window, so that the end does not wait for it.
Task<Performed> pause(ThreadState& thread, Connection& connection, Duration wait) {
  co_await connection.sleep_until(std::min(Clock::now() + wait, thread.recorder.window().end));
  co_return thread.stopping ? Performed::too_late : Performed::ok;
}

Task<Performed> perform(ThreadState& thread, WebSocketSession& session, Connection& connection, const MessageStep& step,
                        const Arrival* arrival) {
  if (step.send || step.await) return say(thread, session, step, arrival);
  return pause(thread, connection, step.wait);
}

}  // namespace

Task<Performed> converse(ThreadState& thread, WebSocketSession& session, Connection& connection,
                         const WebSocketScript& script, const Arrival* arrival) {
  if (!session.is_open()) {
    const Performed connected = co_await connect(thread, session, script, arrival);
    if (connected != Performed::ok) co_return connected;
    arrival = nullptr;
  }
  Performed performed = Performed::ok;
  for (const MessageStep& step : script.steps) {
    if (step.close_code) {
      co_await session.close(*step.close_code);
      continue;
    }
    performed = co_await perform(thread, session, connection, step, arrival);
    arrival = nullptr;
    if (performed != Performed::ok || thread.cut) break;
  }
  if (script.per_iteration) co_await session.close(1000);
  co_return performed;
}

}  // namespace burstgate::load

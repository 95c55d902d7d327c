// Where nothing varies, a request's bytes are those that were rendered before the burst. Otherwise they are made anew
// in the user's own buffer, from its values and its cookies.
#include "load/virtual_user.hpp"

#include <fmt/format.h>

#include <ctime>

#include "config/http_words.hpp"

namespace burstgate::load {

using measure::Failure;

namespace {

constexpr auto idle_check_after = std::chrono::milliseconds(1);  // idle for longer, it may have been closed meanwhile

// Trying again at once would only spin.
bool is_unreachable(Failure failure) {
  return failure == Failure::refused || failure == Failure::connect || failure == Failure::connect_timeout ||
         failure == Failure::generator;
}

std::int64_t now_unix_s() {
  return static_cast<std::int64_t>(std::time(nullptr));
}

}  // namespace

// ---- iterations ----

Task<Performed> VirtualUser::iterate(const ScenarioRequests& scenario, const Arrival* arrival) {
  Arrival delayed;
  if (scenario.is_journey() || !memory_.cookies.empty()) {
    if (!begin_iteration(scenario)) {
      if (arrival != nullptr) thread_.recorder.drop(scenario.requests.front().endpoint, arrival->due);
      co_return Performed::exhausted;
    }
    if (!scenario.setup.empty() && !memory_.parts[scenario.index].is_set_up) {
      const Performed done = co_await set_up(scenario, arrival);
      if (done != Performed::ok) co_return done;
      if (arrival != nullptr) {  // late by the plan's own doing, not by the generator's
        delayed = *arrival;
        delayed.waited = true;
        arrival = &delayed;
      }
    }
    slots_ = &memory_.parts[scenario.index].slots;
  }
  Performed performed = Performed::ok;
  for (const Request& request : scenario.requests) {
    performed = co_await perform(request, arrival);
    arrival = nullptr;  // later steps are due when the step before them has ended
    if (performed != Performed::ok || thread_.cut) break;
  }
  co_return performed;
}

// New rows and variables; false: there is no row.
bool VirtualUser::begin_iteration(const ScenarioRequests& scenario) {
  if (memory_.parts.size() <= scenario.index) memory_.parts.resize(scenario.index + 1);
  UserMemory::Part& part = memory_.parts[scenario.index];
  if (thread_.setup.plan->cookies == config::Cookies::iteration) memory_.cookies = memory_.cookies_after_setup;
  if (!part.begun) {
    part.slots = thread_.setup.run_values;
    part.slots.resize(scenario.slots);
  }
  part.begun = true;
  if (!take_rows(scenario, part)) return false;
  slots_ = &part.slots;
  for (const VariableText& variable : scenario.variables) {
    std::string& slot = part.slots[variable.slot];
    slot.clear();
    append_filled(slot, variable.text, {part.slots, thread_.random});  // verbatim: it fits
  }
  return true;
}

bool VirtualUser::take_rows(const ScenarioRequests& scenario, UserMemory::Part& part) {
  part.rows.resize(scenario.feeders.size());
  for (std::size_t i = 0; i < scenario.feeders.size(); ++i) {
    const config::FeederUse& use = scenario.feeders[i];
    const bool keeps = thread_.setup.plan->feeders[use.feeder].per == config::Feeder::Per::user;
    if (keeps && part.rows[i] != nullptr) continue;
    part.rows[i] = thread_.setup.feeders->next(use.feeder, thread_.random);
    if (part.rows[i] == nullptr) return false;
    for (const auto& [column, slot] : use.columns) part.slots[slot] = (*part.rows[i])[column];
  }
  return true;
}

// ---- setup and teardown ----

Task<Performed> VirtualUser::set_up(const ScenarioRequests& scenario, const Arrival* arrival) {
  const Instant begun = Clock::now();
  for (const Request& request : scenario.setup) {
    const Performed performed = co_await perform(request, nullptr);
    if (performed == Performed::ok) continue;
    const bool nothing_due = performed == Performed::too_late && arrival == nullptr;
    if (performed == Performed::too_late) last_setup_.end = End::unfinished;
    if (!nothing_due) account_failed_setup(scenario, arrival, begun);
    co_return performed;
  }
  memory_.parts[scenario.index].is_set_up = true;
  memory_.cookies_after_setup = memory_.cookies;
  co_return Performed::ok;
}

// A user that cannot be set up cannot do its work: that counts as the failure of its first request.
void VirtualUser::account_failed_setup(const ScenarioRequests& scenario, const Arrival* arrival, Instant begun) {
  FinishedRequest finished = last_setup_;
  finished.endpoint = scenario.requests.front().endpoint;
  finished.intended = arrival != nullptr ? arrival->due : begun;
  finished.sent = std::max(finished.intended, begun);
  finished.ended = std::max(Clock::now(), finished.sent);
  finished.status = 0;  // it was not this endpoint's
  if (finished.end == End::failed && thread_.recorder.window().contains(finished.intended)) {
    thread_.causes.add(fmt::format("{}: its user's setup failed, {}", scenario.requests.front().name, last_objection_),
                       "");
  }
  account(finished);
}

Task<Performed> VirtualUser::run_errand(const ScenarioRequests& scenario, const std::vector<Request>& requests) {
  const bool begun = memory_.parts.size() > scenario.index && memory_.parts[scenario.index].begun;
  if (!begun && !begin_iteration(scenario)) co_return Performed::exhausted;
  slots_ = &memory_.parts[scenario.index].slots;
  Performed performed = Performed::ok;
  for (const Request& request : requests) {
    performed = co_await perform(request, nullptr);
    if (performed != Performed::ok) break;
  }
  co_return performed;
}

// ---- one request ----

// Nothing: the request cannot be made, for the value named in `misfit`.
const Outgoing* VirtualUser::outgoing_for(const Request& request, std::string& misfit) {
  const bool with_cookies = !memory_.cookies.empty() && !request.blueprint.own_cookies;
  if (!request.varies && !with_cookies) return &request.outgoing;
  static const std::vector<std::string> no_values;
  const Values values{slots_ != nullptr ? *slots_ : no_values, thread_.random};
  std::string& cookies = memory_.cookie_line;
  cookies.clear();
  if (with_cookies) {
    // The path may vary as well: it is known when the head is made.
    Outgoing& out = memory_.outgoing;
    out.bytes.clear();
    if (auto name = append_filled(out.bytes, request.blueprint.head, values)) return misfit = *name, nullptr;
    memory_.cookies.append_to(cookies, path_of(out.bytes), now_unix_s());
    if (cookies.empty() && !request.varies) return &request.outgoing;
  }
  if (auto name = render_into(memory_.outgoing, request, values, cookies)) return misfit = *name, nullptr;
  return &memory_.outgoing;
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
  std::string misfit;
  const Outgoing* const outgoing = outgoing_for(request, misfit);
  if (outgoing == nullptr) {
    explain(finished, request,
            {Failure::save, fmt::format("the value of {{{}}} has a control character and cannot be sent", misfit), {}});
    co_return finish(finished, request, Exchange{.failure = Failure::save});
  }
  bool reused = reusable(called);
  if (reused && arrival != nullptr && !arrival->waited) thread_.recorder.send_lag(arrival->due, called);
  for (;;) {
    if (!connection_.is_open()) {
      const Instant connect_deadline = Clock::now() + thread_.limits.connect_timeout;
      const Exchange opened =
          co_await connection_.connect(thread_.open_model ? std::min(deadline, connect_deadline) : connect_deadline);
      if (opened.failure || opened.cut) co_return finish(finished, request, opened);
      ++thread_.connections_opened;
      finished.sent = Clock::now();
      if (!thread_.open_model) {  // connecting is a phase of its own: latency runs from the send
        if (finished.sent >= thread_.recorder.window().end) co_return Performed::too_late;
        finished.intended = finished.sent;
        deadline = finished.sent + thread_.limits.request_timeout;
      }
    }
    const Exchange exchange = co_await connection_.exchange(*outgoing, deadline);
    const bool send_again = exchange.stale && reused && request.idempotent;
    if (!send_again) co_return finish(finished, request, exchange);
    ++thread_.stale_retries;
    reused = false;
  }
}

// ---- its account ----

Performed VirtualUser::finish(FinishedRequest& finished, const Request& request, const Exchange& exchange) {
  finished.ended = Clock::now();
  const Answer answer = connection_.answer();
  connection_.set_last_used(finished.ended);
  if (exchange.cut) {
    finished.end = End::unfinished;
  } else if (exchange.failure) {
    finished.end = End::failed;
    finished.failure = *exchange.failure;
    if (request.is_setup && finished.failure != Failure::save) {
      explain(finished, request, {finished.failure, std::string(name(finished.failure)), {}});
    }
  } else {
    finished.status = answer.status;
    finished.body_bytes = answer.body_bytes;
    judge_answer(finished, request, answer);
    if (!thread_.setup.plan->keep_alive) connection_.close();
  }
  if (const std::uint32_t seen = answer.anomalies; seen != 0) {
    for (std::size_t i = 0; i < protocol::anomaly_count; ++i) thread_.anomalies[i] += (seen >> i) & 1u;
  }
  if (!request.is_setup) return account(finished);
  last_setup_ = finished;
  thread_.setup_recorder.finish(finished);
  if (finished.end == End::ok) return Performed::ok;
  return finished.end == End::failed && is_unreachable(finished.failure) ? Performed::unreachable : Performed::failed;
}

void VirtualUser::judge_answer(FinishedRequest& finished, const Request& request, const Answer& answer) {
  if (answer.fields != nullptr && !answer.fields->empty()) absorb_cookies(request, answer);
  auto objection = objection_to(request, answer, finished.ended - finished.intended);
  if (!objection && !request.keepers.empty()) objection = keep_values(request, answer, *slots_);
  finished.end = objection ? End::failed : End::ok;
  if (!objection) return;
  finished.failure = objection->failure;
  explain(finished, request, *objection);
}

void VirtualUser::absorb_cookies(const Request& request, const Answer& answer) {
  if (thread_.setup.plan->cookies == config::Cookies::none) return;
  const std::string& sent = request.varies ? memory_.outgoing.bytes : request.outgoing.bytes;
  for (const protocol::Field& field : *answer.fields) {
    if (config::same_header(field.name, "Set-Cookie")) memory_.cookies.set(field.value, path_of(sent), now_unix_s());
  }
}

// A status is counted as such, with its number: only what is not seen elsewhere needs words.
void VirtualUser::explain(const FinishedRequest& finished, const Request& request, const Objection& objection) {
  if (request.is_setup) {
    last_objection_ = fmt::format("{}: {}", request.name, objection.what);
    thread_.causes.add("setup step " + last_objection_, objection.example);
  } else if (objection.failure != Failure::status && thread_.recorder.window().contains(finished.intended)) {
    thread_.causes.add(fmt::format("{}: {}", request.name, objection.what), objection.example);
  }
}

Performed VirtualUser::account(const FinishedRequest& finished) {
  thread_.recorder.finish(finished);
  add(thread_.live.finished);
  if (finished.end == End::failed && finished.failure == Failure::refused) add(thread_.live.refused);
  thread_.live.latency.record(
      std::chrono::duration_cast<std::chrono::microseconds>(finished.ended - finished.intended).count());
  if (finished.end == End::ok) {
    add(thread_.live.ok);
    return Performed::ok;
  }
  const bool unreachable = finished.end == End::failed && is_unreachable(finished.failure);
  return unreachable ? Performed::unreachable : Performed::failed;
}

}  // namespace burstgate::load

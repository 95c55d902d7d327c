// Two sides under load by turns, against servers that count what they were asked.
#include "load/duet.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <thread>

#include "base/error.hpp"
#include "support/hostile_server.hpp"
#include "support/plans.hpp"

using namespace burstgate;
using namespace burstgate::load;
using namespace burstgate::test;
using measure::PairPhase;
using measure::Side;
using measure::SideSlice;
using std::chrono::milliseconds;

namespace {

const std::string good = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
constexpr int users = 2;
constexpr double rate_per_s = 400;

Steps answer(int, int) {
  return {recv_until_request(), respond(good)};
}

config::Plan plan_for_duet() {
  config::Plan plan = one_step_plan();
  plan.limits.request_timeout = milliseconds(2000);
  plan.limits.connect_timeout = milliseconds(2000);
  plan.limits.drain = milliseconds(2000);
  plan.threads = 1;
  return plan;
}

std::string url_of(const HostileServer& server) {
  return "http://127.0.0.1:" + std::to_string(server.port()) + "/";
}

constexpr std::uint64_t preflight_connections = 1;  // reach() connects once, and sends nothing

// Both sides behind a server with the same script.
struct Pair {
  explicit Pair(Script script, const config::Plan& plan = plan_for_duet())
      : baseline(script), candidate(script), duet(plan, users, stop_signal) {
    duet.reach(Side::baseline, url_of(baseline));
    duet.reach(Side::candidate, url_of(candidate));
    duet.set_rate(rate_per_s);
  }
  HostileServer& server(Side side) { return side == Side::baseline ? baseline : candidate; }
  SideSlice run(Side side, PairPhase phase, milliseconds length = milliseconds(60), std::uint64_t seed = 1) {
    return duet.run(side, {.phase = phase, .duration = length, .seed = seed});
  }

  HostileServer baseline;
  HostileServer candidate;
  std::atomic<int> stop_signal{0};
  Duet duet;
};

// A slice of the latency phase: 0.11 s at 400/s, of which 0.1 s count. Every arrival is sent, however late.
SideSlice whole_slice(Pair& pair, Side side, std::uint64_t seed = 1) {
  SideSlice slice = pair.run(side, PairPhase::latency, milliseconds(110), seed);
  CHECK(slice.answered == 44);
  return slice;
}

constexpr Side sides[] = {Side::baseline, Side::candidate};
constexpr PairPhase phases[] = {PairPhase::latency, PairPhase::throughput};

}  // namespace

TEST_CASE("connections are kept from slice to slice") {
  Pair pair(answer);
  for (const Side side : sides) {
    pair.run(side, PairPhase::throughput);
    const auto opened = pair.server(side).counters().connections;
    CHECK(opened == users + preflight_connections);
    for (int i = 0; i < 3; ++i) pair.run(side, PairPhase::throughput);
    CHECK(pair.server(side).counters().connections == opened);
    CHECK(pair.server(side).counters().closed == preflight_connections);
  }
}

TEST_CASE("what was counted agrees with what the servers were asked, and only one side is asked at a time") {
  Pair pair(answer);
  for (const Side side : sides) {
    const Side other = side == Side::baseline ? Side::candidate : Side::baseline;
    const auto others_requests = pair.server(other).counters().requests;
    std::uint64_t answered = 0, counted = 0;
    for (const PairPhase phase : phases) {
      for (int i = 0; i < 2; ++i) {
        const SideSlice slice = pair.run(side, phase);
        answered += slice.answered;
        CHECK(slice.total.failed == 0);
        CHECK(slice.total.ok <= slice.answered);
        if (phase == PairPhase::latency) CHECK(slice.total.ok <= 20);  // 50 ms at 400/s: the first 10 ms do not count
        CHECK(slice.total.samples == slice.total.ok);
        CHECK(slice.p96_us >= slice.total.p95_us);
        CHECK(slice.total.duration_s == doctest::Approx(0.05));
        if (phase == PairPhase::latency) counted += slice.total.ok;
      }
    }
    CHECK(pair.server(side).counters().requests == answered);
    CHECK(pair.server(side).counters().responses == answered);
    CHECK(pair.server(other).counters().requests == others_requests);
    const measure::Measurement measurement = pair.duet.measurement(side);  // of the latency phase
    CHECK(measurement.total.counts.ok == counted);
    CHECK(measurement.total.counts.statuses.at(200) == counted);
    CHECK(measurement.total.slices.size() == 2);
    CHECK(measurement.duration_s == doctest::Approx(0.1));
  }
}

TEST_CASE("the latency phase sends at the rate, whatever the other side did") {
  Pair pair(answer);
  for (const Side side : sides) {
    const SideSlice slice = whole_slice(pair, side);
    CHECK(slice.total.ok == 40);
    CHECK(slice.total.duration_s == doctest::Approx(0.1));
    CHECK(slice.generator_cpu < 1.01);
  }
}

TEST_CASE("a warm-up is load, but no measurement") {
  Pair pair(answer);
  const SideSlice slice = pair.duet.run(
      Side::baseline, {.phase = PairPhase::latency, .duration = milliseconds(60), .seed = 1, .counted = false});
  CHECK(slice.answered > 0);
  CHECK(pair.duet.measurement(Side::baseline).total.counts.started == 0);
  CHECK(pair.duet.measurement(Side::baseline).total.slices.empty());
}

TEST_CASE("with the same seed both sides get the same mix of scenarios") {
  config::Plan plan = plan_for_duet();
  plan.scenarios.push_back(plan.scenarios.front());
  plan.scenarios[1].steps[0].name = "other";
  Pair pair(answer, plan);
  const auto mix = [&](Side side, std::uint64_t seed) {
    const SideSlice slice = whole_slice(pair, side, seed);
    REQUIRE(slice.endpoints.size() == 2);
    CHECK(slice.endpoints[0].ok + slice.endpoints[1].ok == slice.total.ok);
    return slice.endpoints[0].ok;
  };
  CHECK(pair.duet.endpoint_names() == std::vector<std::string>{"GET /", "other"});
  std::size_t differ = 0;
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    CHECK(mix(Side::baseline, seed) == mix(Side::candidate, seed));
    if (mix(Side::baseline, seed) != mix(Side::baseline, seed + 10)) ++differ;
  }
  CHECK(differ > 0);
}

TEST_CASE("connections that a side closed between two slices are opened anew, and nothing fails") {
  // The server closes a while after each answer; one request per slice, and the next slice waits for the close.
  Pair pair([](int, int) -> Steps { return {recv_until_request(), respond(good), sleep(milliseconds(5)), close()}; });
  pair.duet.set_rate(20);
  for (std::uint64_t i = 1; i <= 3; ++i) {
    const SideSlice slice = pair.run(Side::baseline, PairPhase::latency, milliseconds(40));
    CHECK(slice.answered == 1);
    CHECK(slice.total.failed == 0);
    REQUIRE(pair.baseline.eventually([i](const auto& c) { return c.closed == i + preflight_connections; }));
  }
  CHECK(pair.baseline.counters().connections == 3 + preflight_connections);
  CHECK(pair.duet.measurement(Side::baseline).generator.connections_opened == 3);
  CHECK(pair.duet.measurement(Side::baseline).generator.stale_retries == 0);  // seen before anything was sent
}

TEST_CASE("a side that lives elsewhere after a restart: its old connections are dropped, its account goes on") {
  Pair pair(answer);
  pair.run(Side::candidate, PairPhase::latency);
  const auto first = pair.duet.measurement(Side::candidate);
  const HostileServer restarted(answer);
  pair.duet.reach(Side::candidate, url_of(restarted));
  CHECK(pair.candidate.eventually([](const auto& c) { return c.closed == c.connections; }));
  const auto before = pair.candidate.counters().requests;
  const SideSlice slice = pair.run(Side::candidate, PairPhase::latency);
  CHECK(pair.candidate.counters().requests == before);
  CHECK(restarted.counters().requests == slice.answered);
  const auto both = pair.duet.measurement(Side::candidate);
  CHECK(both.total.counts.ok == first.total.counts.ok + slice.total.ok);
  CHECK(both.target == first.target);
}

TEST_CASE("nothing listens: the target's trouble") {
  std::uint16_t port = 0;
  { port = HostileServer(answer).port(); }
  std::atomic<int> no_signal{0};
  Duet duet(plan_for_duet(), users, no_signal);
  try {
    duet.reach(Side::candidate, "http://127.0.0.1:" + std::to_string(port) + "/");
    FAIL("was reached");
  } catch (const Error& error) {
    CHECK(error.trouble() == Trouble::target);
  }
  // A side that was never reached has an empty measurement, which is in order.
  CHECK(duet.measurement(Side::candidate).total.counts.started == 0);
}

TEST_CASE("requests that outlive their slice are waited for, and counted once") {
  Pair pair([](int, int) -> Steps { return {recv_until_request(), sleep(milliseconds(80)), respond(good)}; });
  for (const PairPhase phase : phases) {
    const auto before = pair.candidate.counters().responses;
    const SideSlice slice = pair.run(Side::candidate, phase, milliseconds(40));
    CHECK(pair.candidate.counters().responses - before == slice.answered);
    CHECK(slice.total.failed == 0);
    CHECK(slice.total.duration_s == doctest::Approx(0.03));  // as planned, not as long as it took
    if (phase == PairPhase::latency) CHECK(slice.answered > 0);
    if (slice.total.samples > 0) CHECK(slice.total.p50_us >= 80'000);
  }
}

TEST_CASE("a side that hangs: no answer, every request failed, and the slice ends") {
  config::Plan plan = plan_for_duet();
  plan.limits.drain = milliseconds(50);
  Pair pair([](int, int) -> Steps { return {recv_until_request(), hold()}; }, plan);
  for (const PairPhase phase : phases) {
    const SideSlice slice = pair.run(Side::candidate, phase, milliseconds(40));
    CHECK(slice.answered == 0);
    CHECK(slice.total.ok == 0);
    if (phase == PairPhase::latency) CHECK(slice.total.failed > 0);
  }
}

TEST_CASE("answers with an unexpected status are answers, and failures") {
  Pair pair([](int, int) -> Steps {
    return {recv_until_request(), respond("HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n")};
  });
  const SideSlice slice = pair.run(Side::candidate, PairPhase::latency);
  CHECK(slice.answered > 0);
  CHECK(slice.answered == slice.total.failed);
  CHECK(slice.answered <= pair.candidate.counters().responses);
  CHECK(slice.total.ok == 0);
  CHECK(slice.total.samples == 0);  // an error has no latency that is judged
}

TEST_CASE("a signal ends the slice, and those after it, at once") {
  Pair pair([](int, int) -> Steps { return {recv_until_request(), hold()}; });
  std::thread sender([&] {
    std::this_thread::sleep_for(milliseconds(50));
    pair.stop_signal = 15;
  });
  const auto began = Clock::now();
  for (int i = 0; i < 3; ++i) pair.run(Side::baseline, PairPhase::latency, milliseconds(20'000));
  CHECK(to_seconds(Clock::now() - began) < 5);
  sender.join();
  CHECK(pair.duet.measurement(Side::baseline).total.counts.ok == 0);
}

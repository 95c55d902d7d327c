// Answers that are streams of events, over HTTP/1.1.
#include <doctest/doctest.h>

#include "load/burst.hpp"
#include "support/hostile_server.hpp"
#include "support/plans.hpp"

using namespace burstgate;
using namespace burstgate::test;
using measure::Failure;
using measure::Measurement;
using std::chrono::milliseconds;

namespace {

constexpr milliseconds gap(30);
const std::string head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";

config::Plan plan_for(const config::EventStream& stream) {
  config::Plan plan = one_step_plan();
  plan.scenarios[0].steps[0].stream = stream;
  plan.scenarios[0].wait = {std::chrono::seconds(5), std::chrono::seconds(5)};  // one request
  plan.profile.closed.users = 1;
  plan.profile.warmup = milliseconds(0);
  plan.profile.duration = milliseconds(400);
  plan.limits.request_timeout = milliseconds(300);
  plan.threads = 1;
  return plan;
}

Measurement burst(const config::Plan& plan, const HostileServer& server) {
  return load::run_burst(plan, "http://127.0.0.1:" + std::to_string(server.port()) + "/", {});
}

}  // namespace

TEST_CASE("times to the first byte, to the first event and to the last that was asked for") {
  HostileServer server([](int, int) -> Steps {
    return {recv_until_request(),         send(head), sleep(gap), send("9\r\ndata: 1\n\n\r\n"), sleep(gap),
            send("9\r\ndata: 2\n\n\r\n"), hold()};
  });
  const Measurement m = burst(plan_for({.events = 2}), server);
  REQUIRE(m.total.counts.ok == 1);
  CHECK(m.total.counts.body_bytes == 18);
  const auto& latencies = m.total.latencies;
  const auto first_byte = *latencies.first_byte.min_us(), first_event = *latencies.first_event.min_us();
  CHECK(first_event >= first_byte + 25'000);
  CHECK(*latencies.ok.min_us() >= first_event + 25'000);
  CHECK(*latencies.ok.max_us() < 300'000);  // the end was not waited for
}

TEST_CASE("a stream that ends without what was asked for is a failed check") {
  HostileServer server([](int, int) -> Steps {
    return {recv_until_request(), respond(head + "9\r\ndata: 1\n\n\r\n0\r\n\r\n")};
  });
  CHECK(burst(plan_for({.events = 2}), server).total.counts[Failure::check] == 1);
  CHECK(burst(plan_for({.until = "done"}), server).total.counts[Failure::check] == 1);
  const Measurement whole = burst(plan_for({}), server);
  CHECK(whole.total.counts.ok == 1);
  CHECK(whole.total.latencies.first_event.count() == 1);
}

TEST_CASE("a stream that falls silent runs into the timeout") {
  HostileServer server([](int, int) -> Steps {
    return {recv_until_request(), send(head + "9\r\ndata: 1\n\n\r\n"), hold()};
  });
  CHECK(burst(plan_for({.events = 2}), server).total.counts[Failure::timeout] == 1);
}

TEST_CASE("an ordinary answer's first byte comes before its last") {
  HostileServer server([](int, int) -> Steps {
    return {recv_until_request(), send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\no"), sleep(gap), respond("k")};
  });
  config::Plan plan = plan_for({});
  plan.scenarios[0].steps[0].stream.reset();
  const Measurement m = burst(plan, server);
  REQUIRE(m.total.counts.ok == 1);
  CHECK(*m.total.latencies.ok.min_us() >= *m.total.latencies.first_byte.min_us() + 25'000);
  CHECK(m.total.latencies.first_event.empty());
}

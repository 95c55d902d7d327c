// Rude servers: after every run the server's own counters and ours agree exactly, and every failure has its class.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>
#include <sys/resource.h>

#include "base/error.hpp"
#include "load/burst.hpp"
#include "measure/measurement.hpp"
#include "support/hostile_server.hpp"
#include "support/plans.hpp"

using namespace burstgate;
using namespace burstgate::test;
using measure::Failure;
using measure::Measurement;
using std::chrono::milliseconds;

namespace {

const std::string good = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

config::Plan plan_for(int users = 2, milliseconds duration = milliseconds(400)) {
  config::Plan plan = one_step_plan();
  // A little think time keeps the number of requests small.
  plan.scenarios[0].wait = {milliseconds(5), milliseconds(5)};
  plan.profile.closed.users = users;
  plan.profile.warmup = milliseconds(0);
  plan.profile.duration = duration;
  plan.limits.request_timeout = milliseconds(300);
  plan.limits.connect_timeout = milliseconds(300);
  plan.limits.drain = milliseconds(1000);
  plan.threads = 1;
  return plan;
}

// run_burst connects once before the burst; that connection carries no request.
constexpr std::uint64_t preflight_connections = 1;

Measurement burst(const config::Plan& plan, const HostileServer& server) {
  return load::run_burst(plan, "http://127.0.0.1:" + std::to_string(server.port()) + "/", {});
}

config::Step& only_step(config::Plan& plan) {
  return plan.scenarios[0].steps[0];
}

void check_agreement(const Measurement& m, const HostileServer& server) {
  const auto& counts = m.total.counts;
  const bool agreed = server.eventually([&](const HostileCounters& c) {
    return c.requests == counts.started + m.generator.stale_retries &&
           c.connections == m.generator.connections_opened + preflight_connections;
  });
  INFO("started " << counts.started << " stale " << m.generator.stale_retries << " server requests "
                  << server.counters().requests << " opened " << m.generator.connections_opened
                  << " server connections " << server.counters().connections);
  CHECK(agreed);
  CHECK(counts.started > 0);
}

// Where no connection carries a second request. A user that was still connecting when the window ended sends nothing.
void check_a_connection_each(const Measurement& m) {
  CHECK(m.generator.connections_opened >= m.total.counts.started);
  CHECK(m.generator.connections_opened <= m.total.counts.started + m.generator.connections_asked);
}

}  // namespace

TEST_CASE("a good server: every answer is counted once, on one connection per user") {
  HostileServer server([](int, int) -> Steps { return {recv_until_request(), respond(good)}; });
  const Measurement m = burst(plan_for(3), server);
  check_agreement(m, server);
  CHECK(m.total.counts.ok == server.counters().responses);
  CHECK(m.total.counts.ok == m.total.counts.started);
  CHECK(m.generator.connections_opened == 3);
  CHECK(m.generator.connections_peak == 3);
  CHECK(m.total.counts.body_bytes == 2 * m.total.counts.ok);
  CHECK(m.total.counts.statuses.at(200) == m.total.counts.ok);
}

TEST_CASE("cases 1, 39: a close instead of an answer") {
  HostileServer server([](int, int) -> Steps { return {recv_until_request(), close()}; });
  const Measurement m = burst(plan_for(), server);
  check_agreement(m, server);
  CHECK(m.total.counts[Failure::closed] == m.total.counts.started);
  CHECK(m.total.latencies.ok.empty());
}

TEST_CASE("case 37: a reused connection that was closed meanwhile is tried once more on a fresh one") {
  // The second request on each connection finds it closed, without a word.
  HostileServer server([](int, int request) -> Steps {
    if (request == 1) return {recv_until_request(), close()};
    return {recv_until_request(), respond(good)};
  });
  config::Plan plan = plan_for(1);
  SUBCASE("a GET is sent again, and succeeds") {
    const Measurement m = burst(plan, server);
    check_agreement(m, server);
    CHECK(m.generator.stale_retries > 0);
    CHECK(m.total.counts.ok == m.total.counts.started);
  }
  SUBCASE("a POST is not") {
    only_step(plan).method = "POST";
    const Measurement m = burst(plan, server);
    check_agreement(m, server);
    CHECK(m.generator.stale_retries == 0);
    CHECK(m.total.counts[Failure::closed] > 0);
    CHECK(m.total.counts.ok + m.total.counts[Failure::closed] == m.total.counts.started);
  }
}

TEST_CASE("cases 18, 28: a truncated body is never a success") {
  for (const std::string cut : {"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhello", "HTTP/1.1 301 Moved\r\nFoo: bar",
                                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel",
                                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"}) {
    HostileServer server([cut](int, int) -> Steps { return {recv_until_request(), send(cut), close()}; });
    const Measurement m = burst(plan_for(), server);
    check_agreement(m, server);
    CHECK(m.total.counts.ok == 0);
    CHECK(m.total.counts[Failure::truncated] == m.total.counts.started);
  }
}

TEST_CASE("case 38: a reset in the middle of the body") {
  HostileServer server([](int, int) -> Steps {
    return {recv_until_request(), send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"), sleep(milliseconds(20)),
            rst()};
  });
  const Measurement m = burst(plan_for(), server);
  check_agreement(m, server);
  CHECK(m.total.counts[Failure::reset] == m.total.counts.started);
  CHECK(server.counters().resets == m.total.counts.started);
}

TEST_CASE("cases 3, 5, 17: what is not HTTP is a protocol error") {
  for (const auto& answer :
       {std::string("<html>hello</html>"), std::string("SSH-2.0-OpenSSH_9.2\r\n"),
        std::string("HTTP/1.1 2x0 OK\r\n\r\n"), std::string("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n"),
        std::string("\x15\x03\x01\x02\x02\x16")}) {
    HostileServer server([answer](int, int) -> Steps { return {recv_until_request(), send(answer), hold()}; });
    config::Plan plan = plan_for(1);
    const Measurement m = burst(plan, server);
    check_agreement(m, server);
    CHECK(m.total.counts.ok == 0);
    CHECK(m.total.counts[Failure::protocol] + m.total.counts[Failure::timeout] == m.total.counts.started);
  }
}

TEST_CASE("statuses: unexpected ones fail, and are kept apart from the latency of successes") {
  HostileServer server([](int, int request) -> Steps {
    if (request % 2 == 1) return {recv_until_request(), respond("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n")};
    return {recv_until_request(), respond(good)};
  });
  const Measurement m = burst(plan_for(), server);
  check_agreement(m, server);
  const auto& counts = m.total.counts;
  CHECK(counts.ok + counts[Failure::status] == counts.started);
  CHECK(counts[Failure::status] == counts.statuses.at(503));
  CHECK(m.total.latencies.ok.count() == counts.ok);
  CHECK(m.total.latencies.failed.count() == counts[Failure::status]);
  CHECK(server.counters().responses == counts.started);
}

TEST_CASE("case 35: a body that does not hold what it should is a failed check") {
  HostileServer server([](int, int) -> Steps { return {recv_until_request(), respond(good)}; });
  config::Plan plan = plan_for();
  only_step(plan).expect_body = "not there";
  const Measurement m = burst(plan, server);
  check_agreement(m, server);
  CHECK(m.total.counts[Failure::check] == m.total.counts.started);
  only_step(plan).expect_body = "ok";
  CHECK(burst(plan, server).total.counts[Failure::check] == 0);
}

TEST_CASE("cases 12, 44: an answer that never ends times out, and the run ends on time") {
  HostileServer server([](int, int) -> Steps {
    return {recv_until_request(),
            send_sliced("HTTP/1.1 200 OK\r\nContent-Length: 400\r\n\r\n" + std::string(400, 'x'), 1, milliseconds(50))};
  });
  const auto began = std::chrono::steady_clock::now();
  const Measurement m = burst(plan_for(), server);
  CHECK(std::chrono::steady_clock::now() - began < milliseconds(400 + 1000 + 2000));
  CHECK(m.total.counts[Failure::timeout] == m.total.counts.started);
  CHECK(m.total.latencies.late.count() == m.total.counts.started);
  CHECK(m.total.latencies.late.min_us() >= 299'900);  // the timeout's value, not when it was noticed
}

TEST_CASE("case 40: a server that reads nothing: the write stays pending and times out") {
  HostileOptions options;
  options.receive_buffer_bytes = 4096;
  HostileServer server([](int, int) -> Steps { return {never_read()}; }, options);
  config::Plan plan = plan_for();
  only_step(plan).method = "POST";
  only_step(plan).body.text = std::string(16 << 20, 'x');
  const Measurement m = burst(plan, server);
  CHECK(m.total.counts.started > 0);
  CHECK(m.total.counts[Failure::send_timeout] == m.total.counts.started);
}

TEST_CASE("case 41: a full accept queue is a connect timeout, not a refusal") {
  HostileOptions options;
  options.never_accept = true;
  HostileServer server([](int, int) -> Steps { return {}; }, options);
  CHECK_THROWS_WITH_AS(burst(plan_for(), server), doctest::Contains("timed out"), Error);
}

TEST_CASE("case 36: Connection: close on every answer: reconnect, no error") {
  HostileServer server([](int, int) -> Steps {
    return {recv_until_request(), respond("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok"),
            close()};
  });
  const Measurement m = burst(plan_for(), server);
  check_agreement(m, server);
  CHECK(m.total.counts.ok == m.total.counts.started);
  check_a_connection_each(m);
}

TEST_CASE("keep_alive: false opens a connection per request") {
  HostileServer server([](int, int) -> Steps { return {recv_until_request(), respond(good)}; });
  config::Plan plan = plan_for();
  plan.keep_alive = false;
  const Measurement m = burst(plan, server);
  check_agreement(m, server);
  check_a_connection_each(m);
  for (const auto& request : server.requests()) CHECK(request.find("Connection: close") != std::string::npos);
}

TEST_CASE("cases 15, 16: bytes that nobody asked for never answer the next request") {
  SUBCASE("on an idle connection") {
    HostileServer server([](int, int) -> Steps {
      return {recv_until_request(), respond(good), sleep(milliseconds(2)),
              send("HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n")};
    });
    config::Plan plan = plan_for(1);
    plan.scenarios[0].wait = {milliseconds(40), milliseconds(40)};
    const Measurement m = burst(plan, server);
    CHECK(m.total.counts.ok == m.total.counts.started);
    CHECK(m.total.counts.statuses.count(408) == 0);
    CHECK(m.anomalies.at("unsolicited") > 0);
  }
  SUBCASE("right behind an answer") {
    HostileServer server([](int, int) -> Steps {
      return {recv_until_request(), respond(good + "HTTP/1.1 500 Oops\r\n\r\n")};
    });
    const Measurement m = burst(plan_for(1), server);
    check_agreement(m, server);
    CHECK(m.total.counts.ok == m.total.counts.started);
    CHECK(m.anomalies.at("extra_bytes") == m.total.counts.started);
    check_a_connection_each(m);
  }
}

TEST_CASE("case 45: an answer split at every byte gives the same result") {
  HostileServer server([](int, int) -> Steps {
    return {recv_until_request(),
            respond_sliced("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n", 1,
                           milliseconds(1))};
  });
  const Measurement m = burst(plan_for(1), server);
  check_agreement(m, server);
  CHECK(m.total.counts.ok == m.total.counts.started);
  CHECK(m.total.counts.body_bytes == 2 * m.total.counts.ok);
}

TEST_CASE("case 33: an answer above the size limit is stopped") {
  HostileServer server([](int, int) -> Steps {
    return {recv_until_request(), send("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n" + std::string(1000, 'x')),
            hold()};
  });
  config::Plan plan = plan_for(1);
  plan.limits.max_response_bytes = 1000;
  const Measurement m = burst(plan, server);
  check_agreement(m, server);
  CHECK(m.total.counts[Failure::too_large] == m.total.counts.started);
}

TEST_CASE("case 106: what is under way at the end is counted with its elapsed time") {
  HostileServer server([](int, int request) -> Steps {
    if (request == 3) return {recv_until_request(), hold()};
    return {recv_until_request(), respond(good)};
  });
  config::Plan plan = plan_for(2);
  plan.limits.request_timeout = milliseconds(60'000);
  plan.limits.drain = milliseconds(200);
  const Measurement m = burst(plan, server);
  check_agreement(m, server);
  CHECK(m.total.counts.unfinished == 2);
  CHECK(m.total.counts.ok == 6);
  CHECK(m.total.latencies.late.count() == 2);
  CHECK(m.total.latencies.late.min_us() >= 200'000);
}

TEST_CASE("the open model goes on arriving while the server stands still") {
  HostileServer server([](int connection, int request) -> Steps {
    if (connection == 1 && request == 0) return {recv_until_request(), sleep(milliseconds(250)), respond(good)};
    return {recv_until_request(), respond(good)};
  });
  config::Plan plan = plan_for(1, milliseconds(500));
  plan.profile.open = config::OpenLoad{100, 1};  // one connection: later arrivals queue behind the slow answer
  plan.limits.request_timeout = milliseconds(5000);
  const Measurement m = burst(plan, server);
  check_agreement(m, server);
  CHECK(m.total.counts.planned == 50);
  CHECK(m.total.counts.ok == 50);
  // Arrival k was due k * 10 ms after the first and could not be answered before 250 ms.
  for (const double quantile : {0.5, 1.0})
    CHECK(m.total.latencies.ok.value_at_us(quantile).value() >= (quantile == 1.0 ? 249'000 : 1));
  CHECK(m.total.latencies.service.value_at_us(0.5).value() < m.total.latencies.ok.max_us().value());
  std::uint64_t late = 0;
  for (std::size_t i = measure::Histogram::index_of(100'000); i < measure::Histogram::bucket_count(); ++i)
    late += m.total.latencies.ok.count_in(i);
  CHECK(late >= 14);  // those due within the first 150 ms waited at least 100 ms
}

TEST_CASE("case 46: too few descriptors are found before the burst") {
  HostileServer server([](int, int) -> Steps { return {recv_until_request(), respond(good)}; });
  rlimit before{};
  getrlimit(RLIMIT_NOFILE, &before);
  rlimit low = {100, 100};
  if (before.rlim_max > 100 && setrlimit(RLIMIT_NOFILE, &low) == 0) {
    CHECK_THROWS_WITH_AS(burst(plan_for(500), server), doctest::Contains("need 564 descriptors, limit 100"), Error);
    // Root may raise it again.
    setrlimit(RLIMIT_NOFILE, &before);
  }
}

// HTTP/2 bursts against scripted servers. A server of these does not read: it says what its script says, frame by
// frame, at times that leave the client room to send.
#include <doctest/doctest.h>

#include <atomic>

#include "base/error.hpp"
#include "load/burst.hpp"
#include "support/hostile_server.hpp"
#include "support/http2_frames.hpp"
#include "support/plans.hpp"

using namespace burstgate;
using namespace burstgate::test;
using measure::Failure;
using measure::Measurement;
using std::chrono::milliseconds;

namespace {

constexpr milliseconds room(60);  // for a request to be sent

const std::string settings = http2_frame(frame::settings, 0, 0, "");

config::Plan plan_for(int users, int streams) {
  config::Plan plan = one_step_plan();
  plan.service.http = config::HttpVersion::http2;
  plan.service.streams = streams;
  plan.scenarios[0].wait = {std::chrono::seconds(5), std::chrono::seconds(5)};  // one request each
  plan.profile.closed.users = users;
  plan.profile.warmup = milliseconds(0);
  plan.profile.duration = milliseconds(400);
  plan.limits.request_timeout = milliseconds(250);
  plan.limits.connect_timeout = milliseconds(300);
  plan.limits.drain = milliseconds(500);
  plan.threads = 1;
  return plan;
}

Measurement burst(const config::Plan& plan, const HostileServer& server) {
  return load::run_burst(plan, "http://127.0.0.1:" + std::to_string(server.port()) + "/", {});
}

// The first two connections are those of the preflight: one is only opened, the other is greeted.
constexpr int preflight_connections = 2;

// What the burst's connections get, from 0.
HostileServer server_with(std::function<Steps(int)> script) {
  return HostileServer([script](int connection, int request) -> Steps {
    if (request > 0) return {hold()};
    if (connection < preflight_connections) return {send(settings), hold()};
    return script(connection - preflight_connections);
  });
}

std::string said_by(const HostileServer& server, const config::Plan& plan = plan_for(1, 1)) {
  try {
    burst(plan, server);
    return "nothing";
  } catch (const Error& error) {
    CHECK(error.trouble() == Trouble::target);
    return error.problems().front().what;
  }
}

}  // namespace

TEST_CASE("users share a connection, and each gets its own answer") {
  HostileServer server = server_with([](int) -> Steps {
    return {send(settings), sleep(room), send(http2_answer(3, 200, "three") + http2_answer(1, 200, "1")), hold()};
  });
  const Measurement m = burst(plan_for(2, 2), server);
  CHECK(m.total.counts.ok == 2);
  CHECK(m.total.counts.started == 2);
  CHECK(m.total.counts.body_bytes == 6);
  CHECK(m.generator.connections_opened == 1);
  CHECK(m.generator.connections_peak == 1);
  CHECK(m.generator.connections_asked == 1);
  CHECK(m.total.latencies.first_byte.count() == 2);
}

TEST_CASE("case 70: what a service that goes away has not begun with is sent again on a new connection") {
  HostileServer server = server_with([](int connection) -> Steps {
    if (connection == 0) {
      return {send(settings), sleep(room), send(http2_frame(frame::goaway, 0, 0, big_endian(1, 4) + big_endian(0, 4))),
              send(http2_answer(1, 200, "old")), hold()};
    }
    return {send(settings), sleep(room), send(http2_answer(1, 200, "new")), hold()};
  });
  const Measurement m = burst(plan_for(2, 2), server);
  CHECK(m.total.counts.ok == 2);
  CHECK(m.anomalies.at("goaway_retry") == 1);
  CHECK(m.generator.connections_opened == 2);
}

TEST_CASE("case 71: a refused stream is tried once more, and no more than once") {
  const std::string refused = http2_frame(frame::rst_stream, 0, 1, big_endian(7, 4));
  HostileServer once = server_with([&](int) -> Steps {
    return {send(settings), sleep(room), send(refused), sleep(room), send(http2_answer(3, 200, "ok")), hold()};
  });
  Measurement m = burst(plan_for(1, 1), once);
  CHECK(m.total.counts.ok == 1);
  CHECK(m.anomalies.at("refused_retry") == 1);

  HostileServer twice = server_with([&](int) -> Steps {
    return {send(settings),
            sleep(room),
            send(refused),
            sleep(room),
            send(http2_frame(frame::rst_stream, 0, 3, big_endian(7, 4))),
            hold()};
  });
  m = burst(plan_for(1, 1), twice);
  CHECK(m.total.counts[Failure::reset] == 1);
}

TEST_CASE("case 72: no stream allowed in time is no failure of the service's answers") {
  HostileServer server = server_with([](int) -> Steps {
    return {send(http2_frame(frame::settings, 0, 0, big_endian(3, 2) + big_endian(0, 4))), hold()};
  });
  const Measurement m = burst(plan_for(1, 1), server);
  CHECK(m.total.counts[Failure::generator] == 1);
}

TEST_CASE("an answer that does not come in time, a connection that ends, an answer cut short") {
  HostileServer silent = server_with([](int) -> Steps { return {send(settings), hold()}; });
  CHECK(burst(plan_for(2, 2), silent).total.counts[Failure::timeout] == 2);

  HostileServer closing = server_with([](int) -> Steps { return {send(settings), sleep(room), close()}; });
  CHECK(burst(plan_for(1, 1), closing).total.counts[Failure::closed] == 1);

  HostileServer cutting = server_with([](int) -> Steps {
    return {send(settings), sleep(room),
            send(http2_frame(frame::headers, frame::end_headers, 1, http2_fields({{":status", "200"}}))), close()};
  });
  CHECK(burst(plan_for(1, 1), cutting).total.counts[Failure::truncated] == 1);
}

TEST_CASE("case 74: a flood ends the connection and is said in the notes") {
  std::string flood;
  for (int i = 0; i < 10'001; ++i) flood += http2_frame(frame::priority, 0, 1, std::string(5, '\x10'));
  HostileServer server = server_with([&](int) -> Steps { return {send(settings), sleep(room), send(flood), hold()}; });
  const Measurement m = burst(plan_for(1, 1), server);
  CHECK(m.total.counts[Failure::protocol] == 1);
  REQUIRE(!m.notes.empty());
  CHECK(m.notes.back() == "HTTP/2: more than 10000 frames that bring no answer on");
}

TEST_CASE("case 69: before the burst it is known that the peer does not speak HTTP/2") {
  HostileServer http1([](int, int) -> Steps { return {send("HTTP/1.1 400 Bad Request\r\n\r\n"), close()}; });
  CHECK(said_by(http1) == "peer answered HTTP/1.1 on an h2 connection");

  HostileServer silent([](int, int) -> Steps { return {hold()}; });
  CHECK(said_by(silent) == "no HTTP/2 settings within 300 ms");

  HostileServer closing([](int, int) -> Steps { return {close()}; });
  CHECK(said_by(closing) == "connection closed before the service's HTTP/2 settings");
}

TEST_CASE("the window's end cuts what is under way, and the connection may go on") {
  HostileServer server = server_with([](int) -> Steps { return {send(settings), hold()}; });
  config::Plan plan = plan_for(2, 2);
  plan.limits.request_timeout = std::chrono::seconds(20);
  plan.limits.drain = milliseconds(50);
  const Measurement m = burst(plan, server);
  CHECK(m.total.counts.unfinished == 2);
}

TEST_CASE("events of a stream: times to the first byte and the first event, and no waiting for the end") {
  const std::string head = http2_frame(frame::headers, frame::end_headers, 1, http2_fields({{":status", "200"}}));
  HostileServer server = server_with([&](int) -> Steps {
    return {send(settings),
            sleep(room),
            send(head),
            sleep(milliseconds(30)),
            send(http2_frame(frame::data, 0, 1, "data: 1\n\n")),
            sleep(milliseconds(30)),
            send(http2_frame(frame::data, 0, 1, "data: 2\n\n")),
            hold()};
  });
  config::Plan plan = plan_for(1, 1);
  plan.scenarios[0].steps[0].stream = config::EventStream{.events = 2};
  const Measurement m = burst(plan, server);
  REQUIRE(m.total.counts.ok == 1);
  const auto& latencies = m.total.latencies;
  const auto first_byte = *latencies.first_byte.min_us(), first_event = *latencies.first_event.min_us();
  CHECK(first_event >= first_byte + 25'000);
  CHECK(*latencies.ok.min_us() >= first_event + 25'000);
}

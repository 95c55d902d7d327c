// What is counted of the messages, and when.
#include "load/websocket_account.hpp"

#include <doctest/doctest.h>

#include "load/request.hpp"

using namespace burstgate;
using namespace burstgate::load;
using Kind = config::DropFigure::Kind;
using std::chrono::seconds;

namespace {

const Instant start{seconds(100)};
const Instant before = start - seconds(1);
const Instant inside = start + seconds(1);

}  // namespace

TEST_CASE("what happened before the window is not counted") {
  WebSocketAccount account(1, start);
  for (const Instant when : {before, inside}) {
    account.sent(0, when);
    account.received(0, Fit::awaited, when);
    account.received(0, Fit::passed_over, when);
    account.received(0, Fit::late, when);
    account.received(0, Fit::duplicate, when);
    account.received(0, Fit::unexpected, when);
    account.lost(0, when);
    account.unclean_close(0, when);
  }
  const MessageCounts& counts = account.counts()[0];
  CHECK(counts.sent == 1);
  CHECK(counts.received == 5);
  CHECK(counts.late == 1);
  CHECK(counts.duplicate == 1);
  CHECK(counts.unexpected == 1);
  CHECK(counts.lost == 1);
  CHECK(counts.unclean_closes == 1);
}

TEST_CASE("drops: a connection's own counter is summed over the connections") {
  WebSocketAccount account(1, start);
  account.drops_read(0, 0, 4, before);
  account.drops_read(0, 4, 6, inside);
  account.drops_read(0, 6, 6, inside);
  account.drops_read(0, 0, 3, inside);  // another connection
  account.drops_read(0, 3, 1, inside);  // a counter that goes back adds nothing
  CHECK(account.counts()[0].drops.value(Kind::connection) == 5);
}

TEST_CASE("drops: one counter for all connections counts once") {
  WebSocketAccount first(1, start), second(1, start);
  first.drops_read(0, 0, 100, before);
  first.drops_read(0, 100, 110, inside);
  second.drops_read(0, 0, 112, inside);
  WebSocketAccount sum;
  sum.add(first);
  CHECK(sum.counts()[0].drops.value(Kind::service) == 10);
  sum.add(second);
  CHECK(sum.counts()[0].drops.value(Kind::service) == 12);
  // Without a reading from before, the lowest one in the window is the base.
  CHECK(second.counts()[0].drops.value(Kind::service) == 0);
}

TEST_CASE("drops: a queue's highest length counts") {
  WebSocketAccount account(1, start);
  account.drops_read(0, 0, 900, before);
  account.drops_read(0, 0, 40, inside);
  account.drops_read(0, 40, 7, inside);
  CHECK(account.counts()[0].drops.value(Kind::level) == 40);
}

TEST_CASE("drops that were never read have no value") {
  WebSocketAccount account(1, start);
  account.drops_read(0, 0, 900, before);
  CHECK_FALSE(account.counts()[0].drops.value(Kind::level));
}

TEST_CASE("figures: of the run, and of the scenario at its connect endpoint") {
  WebSocketAccount account(2, start);
  account.sent(1, inside);
  account.lost(1, inside);
  account.received(1, Fit::duplicate, inside);
  account.received(1, Fit::unexpected, inside);
  account.unclean_close(1, inside);
  account.drops_read(1, 0, 2, inside);
  auto script = std::make_shared<WebSocketScript>();
  script->index = 1;
  script->connect_endpoint = 1;
  script->drops = DropPlace{nlohmann::json::json_pointer("/d"), Kind::connection};
  RequestSet requests;
  requests.scenarios.resize(2);
  requests.scenarios[1].websocket = script;
  measure::Measurement measurement;
  measurement.duration_s = 2;
  measurement.endpoints.resize(2);
  write_messages(measurement, account, requests);
  for (const auto* endpoint : {&measurement.total, &measurement.endpoints[1]}) {
    CHECK(endpoint->figures.at(Metric::ws_lost) == 1);
    CHECK(endpoint->figures.at(Metric::ws_unexpected) == 2);
    CHECK(endpoint->figures.at(Metric::ws_unclean_closes) == 1);
    CHECK(endpoint->figures.at(Metric::ws_drops) == 2);
  }
  CHECK(measurement.endpoints[0].figures.empty());
  REQUIRE(measurement.notes.size() == 1);
  CHECK(measurement.notes[0] ==
        "WebSocket messages: 1 sent (0.5/s), 2 received (1.0/s), 1 lost, 0 late, 1 duplicate, 1 unexpected");
}

TEST_CASE("a run without WebSockets has no figures of them") {
  RequestSet requests;
  requests.scenarios.resize(1);
  measure::Measurement measurement;
  write_messages(measurement, WebSocketAccount(1, start), requests);
  CHECK(measurement.total.figures.empty());
  CHECK(measurement.notes.empty());
}

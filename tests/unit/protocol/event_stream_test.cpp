#include "protocol/event_stream.hpp"

#include <doctest/doctest.h>

#include <string>

using burstgate::protocol::EventReader;
using burstgate::protocol::EventRule;

namespace {

struct Example {
  std::string name;
  EventRule rule;
  std::string bytes;
  std::uint64_t events;
  bool done;
  bool satisfied;
};

const EventRule all{};
const EventRule three{.events = 3};
const EventRule to_done{.until = "[DONE]"};
const EventRule lines{.form = EventRule::Form::lines};

void check(const Example& example, std::size_t piece) {
  INFO(example.name << " in pieces of " << piece);
  EventReader reader;
  reader.start(example.rule);
  for (std::size_t at = 0; at < example.bytes.size(); at += piece) {
    reader.feed(std::string_view(example.bytes).substr(at, piece));
  }
  CHECK(reader.events() == example.events);
  CHECK(reader.done() == example.done);
  CHECK(reader.satisfied() == example.satisfied);
}

}  // namespace

TEST_CASE("events are counted however they are cut") {
  const Example examples[] = {
      {"one", all, "data: a\n\n", 1, false, true},
      {"CR LF", all, "data: a\r\n\r\ndata: b\r\n\r\n", 2, false, true},
      {"CR", all, "data: a\r\rdata: b\r\r", 2, false, true},
      {"byte order mark", all,
       "\xEF\xBB\xBF"
       "data: a\n\n",
       1, false, true},
      {"several lines are one event", all, "event: x\nid: 1\ndata: a\ndata: b\n\n", 1, false, true},
      {"data without a colon", all, "data\n\n", 1, false, true},
      {"comments and retry times are no events", all, ": ping\n\nretry: 10\n\nid: 7\n\n", 0, false, false},
      {"a field that only begins like data", all, "database: a\n\n", 0, false, false},
      {"not ended", all, "data: a\n", 0, false, false},
      {"blank lines", all, "\n\n\n", 0, false, false},
      {"three of four", three, "data:1\n\ndata:2\n\ndata:3\n\ndata:4\n\n", 3, true, true},
      {"three of two", three, "data:1\n\ndata:2\n\n", 2, false, false},
      {"until", to_done, "data: a\n\ndata: [DONE]\n\ndata: b\n\n", 2, true, true},
      {"until, over two lines it is not", to_done, "data: [DO\ndata: NE]\n\n", 1, false, false},
      {"until, never", to_done, "data: a\n\n: [DONE]\n\n", 1, false, false},
      {"lines", lines, "{\"a\":1}\n\n{\"b\":2}\r\n{\"c\"", 2, false, true},
  };
  for (const Example& example : examples) {
    for (const std::size_t piece : {1, 2, 3, 7, 1000}) check(example, piece);
  }
}

TEST_CASE("the next answer begins afresh") {
  EventReader reader;
  reader.start(three);
  reader.feed("data:1\n\ndata:2\n\ndata:3\n\n");
  REQUIRE(reader.done());
  reader.start(all);
  CHECK(reader.events() == 0);
  CHECK_FALSE(reader.done());
}

TEST_CASE("an endless event is searched up to a limit, and kept no longer") {
  EventReader reader;
  reader.start(to_done);
  reader.feed("data: " + std::string(EventReader::largest_event, 'x') + "[DONE]\n\n");
  CHECK(reader.events() == 1);
  CHECK_FALSE(reader.done());
}

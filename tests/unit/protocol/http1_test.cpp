// ResponseReader beyond one response's bytes: reuse, what is kept, and what it costs.
#include <doctest/doctest.h>

#include <string>
#include <utility>

#include "protocol/http1.hpp"

using namespace burstgate::protocol;

namespace {

std::size_t feed(ResponseReader& reader, std::string_view bytes) {
  return reader.feed(bytes.data(), bytes.size());
}

constexpr std::string_view hello = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

}  // namespace

TEST_CASE("a reader is small: 10,000 connections hold one each") {
  CHECK(sizeof(ResponseReader) <= 512);
}

TEST_CASE("nothing of a response is left for the next one") {
  ResponseReader reader{ResponseLimits{}};
  reader.start(false, true);
  CHECK_FALSE(reader.started());
  CHECK(feed(reader, "\r\nHTTP/1.1 100 Continue\n\nHTTP/1.1 500 No\r\nContent-Length: 9\r\n\r\nabc") > 0);
  CHECK(reader.started());
  CHECK(reader.status() == 500);
  CHECK(reader.body() == "abc");
  reader.feed_eof();
  CHECK(reader.error() == ResponseError::truncated_body);

  reader.start(false);
  CHECK_FALSE(reader.started());
  CHECK_FALSE(reader.failed());
  CHECK(reader.error() == ResponseError::none);
  CHECK(reader.error_text().empty());
  CHECK(reader.status() == 0);
  CHECK(reader.anomalies() == 0);
  CHECK(reader.body_bytes() == 0);
  CHECK(reader.body().empty());
  CHECK(feed(reader, hello) == hello.size());
  CHECK(reader.complete());
  CHECK(reader.keep_alive());
  CHECK(reader.body().empty());
}

TEST_CASE("starting in the middle of a head forgets it") {
  ResponseReader reader{ResponseLimits{}};
  reader.start(false);
  feed(reader, "HTTP/1.1 200 OK\r\nContent-Le");
  reader.start(false);
  CHECK(feed(reader, hello) == hello.size());
  CHECK(reader.complete());
}

TEST_CASE("the limit of interim responses is per response") {
  ResponseLimits limits;
  limits.interim_responses = 1;
  ResponseReader reader{limits};
  for (int i = 0; i < 3; ++i) {
    reader.start(false);
    feed(reader, "HTTP/1.1 100 Continue\r\n\r\n");
    feed(reader, hello);
    CHECK(reader.complete());
  }
  reader.start(false);
  feed(reader, "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n");
  CHECK(reader.error_text() == "more than 1 interim (1xx) responses");
}

TEST_CASE("a complete or failed reader takes nothing more") {
  ResponseReader reader{ResponseLimits{}};
  reader.start(false);
  feed(reader, hello);
  reader.feed_eof();
  CHECK(reader.complete());
  CHECK(reader.keep_alive());
  CHECK(feed(reader, "") == 0);
  CHECK(reader.anomalies() == 0);
  CHECK(feed(reader, "x") == 0);
  CHECK(reader.anomalies() == bit(Anomaly::extra_bytes));
  CHECK_FALSE(reader.keep_alive());

  reader.start(false);
  feed(reader, "\x15\x03");
  CHECK(reader.failed());
  CHECK(feed(reader, hello) == 0);
  reader.feed_eof();
  CHECK(reader.error() == ResponseError::peer_speaks_tls);
  CHECK_FALSE(reader.keep_alive());
}

TEST_CASE("case 15: bytes on an idle connection end its reuse") {
  ResponseReader reader{ResponseLimits{}};
  reader.start(false);
  feed(reader, hello);
  CHECK(reader.keep_alive());
  reader.note(Anomaly::unsolicited);
  CHECK_FALSE(reader.keep_alive());
  CHECK(reader.anomalies() == bit(Anomaly::unsolicited));
}

TEST_CASE("a reader can be moved while it holds half a head") {
  ResponseReader first{ResponseLimits{}};
  first.start(false, true);
  feed(first, hello.substr(0, 30));
  ResponseReader second = std::move(first);
  feed(second, hello.substr(30));
  CHECK(second.complete());
  CHECK(second.body() == "hello");
}

TEST_CASE("anomalies have names") {
  CHECK(name(Anomaly::bare_lf) == "bare_lf");
  CHECK(name(Anomaly::length_and_chunked) == "length_and_chunked");
  CHECK(name(Anomaly::leading_crlf) == "leading_crlf");
  CHECK(name(Anomaly::extra_bytes) == "extra_bytes");
  CHECK(name(Anomaly::unsolicited) == "unsolicited");
  CHECK(static_cast<std::size_t>(Anomaly::refused_retry) + 1 == anomaly_count);
}

TEST_CASE("values of malformed fields are not shown: they may be secrets") {
  ResponseReader reader{ResponseLimits{}};
  reader.start(false);
  feed(reader, "HTTP/1.1 200 OK\r\nSet-Cookie: canary\x01\r\n\r\n");
  CHECK(reader.error_text() == "malformed header field 'Set-Cookie', byte 35 of the head");
}

TEST_CASE("the head cache knows the last few heads, and no others") {
  using burstgate::protocol::HeadCache;
  using burstgate::protocol::ResponseHead;
  HeadCache cache;
  const auto text = [](int i) { return "HTTP/1.1 200 OK\r\nX: " + std::to_string(i) + "\r\n\r\n"; };
  CHECK(cache.find(text(0)) == nullptr);
  CHECK(cache.find("") == nullptr);
  for (int i = 0; i < 5; ++i) {
    ResponseHead head;
    head.size = text(i).size();
    head.status = 200 + i;
    cache.remember(text(i), head);
  }
  CHECK(cache.find(text(0)) == nullptr);  // the oldest one left
  for (int i = 1; i < 5; ++i) {
    REQUIRE(cache.find(text(i) + "body") != nullptr);
    CHECK(cache.find(text(i) + "body")->status == 200 + i);
  }
  CHECK(cache.find(text(3).substr(0, text(3).size() - 1)) == nullptr);
  HeadCache small;
  small.remember(std::string(HeadCache::largest_head + 1, 'x'), ResponseHead{});
  CHECK(small.find(std::string(HeadCache::largest_head + 1, 'x')) == nullptr);
  small.remember(std::string(HeadCache::largest_head, 'x'), ResponseHead{});
  CHECK(small.find(std::string(HeadCache::largest_head, 'x')) != nullptr);
}

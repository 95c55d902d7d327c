#include "protocol/http2_request.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace burstgate::protocol;

namespace {

std::string text_of(const std::vector<Field>& fields) {
  std::string text;
  for (const Field& field : fields) text += field.name + "=" + field.value + ";";
  return text;
}

const std::string get =
    "GET /a?b=c HTTP/1.1\r\nHost: h:81\r\nUser-Agent: x\r\nX-Y: z: w\r\nConnection: close\r\nTE: trailers\r\n\r\n";

}  // namespace

TEST_CASE("a head becomes pseudo fields and lower case, and what belongs to the connection is left out") {
  CHECK(text_of(http2_fields(get, "https")) ==
        ":method=GET;:scheme=https;:authority=h:81;:path=/a?b=c;user-agent=x;x-y=z: w;");
  CHECK(text_of(http2_fields("POST / HTTP/1.1\r\nContent-Length: 2\r\nEmpty:\r\n\r\n", "http")) ==
        ":method=POST;:scheme=http;:authority=;:path=/;content-length=2;empty=;");
}

TEST_CASE("a request is converted once, and its body is its own") {
  Http2Requests requests;
  const std::string head = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\n";
  const auto first = requests.convert(head + "ab", "http");
  const std::string again = head + "cd";
  const auto second = requests.convert(again, "http");
  CHECK(first.lasting);
  CHECK(second.fields == first.fields);
  CHECK(second.body == "cd");
  CHECK(requests.convert(again, "https").fields != first.fields);
}

TEST_CASE("requests that always change are converted each time, and keep no memory") {
  Http2Requests requests;
  for (std::size_t i = 0; i < Http2Requests::kept; ++i) {
    CHECK(requests.convert("GET /" + std::to_string(i) + " HTTP/1.1\r\nHost: h\r\n\r\n", "http").lasting);
  }
  const std::string one_more = "GET /more HTTP/1.1\r\nHost: h\r\n\r\n";
  const auto passing = requests.convert(one_more, "http");
  CHECK_FALSE(passing.lasting);
  CHECK(text_of(*passing.fields) == ":method=GET;:scheme=http;:authority=h;:path=/more;");
}

// Fields of the final head, kept when they were asked for.
#include <doctest/doctest.h>

#include "protocol/http1.hpp"

using namespace burstgate::protocol;

namespace {

const std::string interim = "HTTP/1.1 103 Early Hints\r\nSet-Cookie: early=1\r\n\r\n";
const std::string answer =
    "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX-Id:  7 \t\r\nSet-Cookie: a=1\r\nset-cookie: b=2; "
    "Path=/\r\nX-Empty:\r\n\r\n";

// "name=value;name=value"
std::string kept(ResponseReader& reader, FieldsWanted wanted, const std::string& bytes, std::size_t piece) {
  reader.keep_fields(wanted);
  reader.start(false);
  for (std::size_t at = 0; at < bytes.size() && !reader.complete(); at += piece) {
    reader.feed(bytes.data() + at, std::min(piece, bytes.size() - at));
  }
  CHECK(reader.complete());
  std::string text;
  for (const Field& field : reader.fields()) text += field.name + "=" + field.value + ";";
  return text;
}

}  // namespace

TEST_CASE("fields are those of the final head, however it is cut, known before or not") {
  HeadCache cache;
  ResponseReader reader(ResponseLimits{}, &cache);
  const std::string all = "Content-Length=0;X-Id=7;Set-Cookie=a=1;set-cookie=b=2; Path=/;X-Empty=;";
  for (const std::size_t piece : {1000u, 1000u, 7u, 1u}) {
    CAPTURE(piece);
    CHECK(kept(reader, FieldsWanted::all, interim + answer, piece) == all);
    CHECK(kept(reader, FieldsWanted::cookies, interim + answer, piece) == "Set-Cookie=a=1;set-cookie=b=2; Path=/;");
    CHECK(kept(reader, FieldsWanted::none, interim + answer, piece) == "");
  }
}

TEST_CASE("an odd head has fields as well") {
  ResponseReader reader(ResponseLimits{});
  const std::string odd = "HTTP/1.1 200\nContent-Length: 0\nX-Long: one\n  two\nSet-Cookie: a=1\n\n";
  CHECK(kept(reader, FieldsWanted::all, odd, 1000) == "Content-Length=0;X-Long=one two;Set-Cookie=a=1;");
  CHECK(kept(reader, FieldsWanted::cookies, odd, 5) == "Set-Cookie=a=1;");
}

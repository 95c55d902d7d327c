#include "load/cookie_jar.hpp"

#include <doctest/doctest.h>

using namespace burstgate::load;

namespace {

constexpr std::int64_t now = 1'700'000'000;

std::string sent(const CookieJar& jar, std::string_view path, std::int64_t when = now) {
  std::string out;
  jar.append_to(out, path, when);
  return out;
}

}  // namespace

TEST_CASE("what was set is sent back, the last value of a name") {
  CookieJar jar;
  CHECK(jar.empty());
  jar.set("a=1", "/", now);
  jar.set("b=x=y; HttpOnly; Secure; SameSite=Lax; Domain=example.org", "/", now);
  jar.set(" a = 2 ", "/", now);
  CHECK(sent(jar, "/anything") == "a=2; b=x=y");
}

TEST_CASE("a path covers what is below it, and longer ones come first") {
  CookieJar jar;
  jar.set("root=1; Path=/", "/x", now);
  jar.set("api=1; path=/api", "/", now);
  jar.set("here=1", "/api/login", now);  // the request's folder
  jar.set("odd=1; Path=api", "/", now);  // no path: ignored
  CHECK(sent(jar, "/") == "root=1; odd=1");
  CHECK(sent(jar, "/api") == "api=1; here=1; root=1; odd=1");
  CHECK(sent(jar, "/api/x") == "api=1; here=1; root=1; odd=1");
  CHECK(sent(jar, "/apix") == "root=1; odd=1");
  jar.set("api=2; Path=/", "/", now);  // another cookie of that name
  CHECK(sent(jar, "/api") == "api=1; here=1; root=1; odd=1; api=2");
}

TEST_CASE("cookies end: Max-Age before Expires") {
  CookieJar jar;
  jar.set("a=1; Max-Age=10", "/", now);
  jar.set("b=1; Expires=Wed, 21 Oct 2099 07:28:00 GMT", "/", now);
  jar.set("c=1; Max-Age=10; Expires=Wed, 21 Oct 2015 07:28:00 GMT", "/", now);
  jar.set("d=1; Expires=Wed, 21 Oct 2015 07:28:00 GMT", "/", now);
  jar.set("e=1; Expires=nonsense", "/", now);
  CHECK(sent(jar, "/", now + 9) == "a=1; b=1; c=1; e=1");
  CHECK(sent(jar, "/", now + 10) == "b=1; e=1");
  jar.set("b=gone; Max-Age=0", "/", now);
  jar.set("e=gone; max-age=-5", "/", now);
  CHECK(sent(jar, "/", now) == "a=1; c=1");
}

TEST_CASE("dates as cookies write them") {
  CHECK(parse_cookie_date("Wed, 21 Oct 2015 07:28:00 GMT") == 1445412480);
  CHECK(parse_cookie_date("Wednesday, 21-Oct-15 07:28:00 GMT") == 1445412480);
  CHECK(parse_cookie_date("Wed Oct 21 07:28:00 2015") == 1445412480);
  CHECK(parse_cookie_date("Thu, 01 Jan 1970 00:00:00 GMT") == 0);
  for (const char* bad :
       {"", "tomorrow", "21 Oct 2015", "31 Feb 2015 00:00:00", "21 Oct 1500 00:00:00", "21 Oct 2015 24:00:00"})
    CHECK_FALSE(parse_cookie_date(bad));
}

TEST_CASE("what is no cookie is left out, and there is an end to them") {
  CookieJar jar;
  for (const char* bad : {"", "novalue", "=x", "a=b\r\nEvil: 1", "; a=1"}) jar.set(bad, "/", now);
  jar.set("big=" + std::string(max_cookie_bytes, 'x'), "/", now);
  CHECK(jar.empty());
  for (std::size_t i = 0; i <= max_cookies; ++i) jar.set("c" + std::to_string(i) + "=1", "/", now);
  const std::string all = sent(jar, "/");
  CHECK(all.find("c49=1") != std::string::npos);
  CHECK(all.find("c50=1") == std::string::npos);
}

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "base/error.hpp"
#include "protocol/url.hpp"

using burstgate::Error;
using burstgate::Trouble;
using burstgate::protocol::parse_url;
using burstgate::protocol::Url;

namespace {

struct Accepted {
  std::string text;
  std::string host;
  std::uint16_t port;
  bool ipv6_literal;
  std::string target;
  std::string host_header;
  std::string origin;
};

struct Refused {
  std::string text;
  std::string message;
};

std::string refusal(const std::string& text) {
  try {
    parse_url(text, "gate.yaml:2:8");
  } catch (const Error& error) {
    CHECK(error.trouble() == Trouble::usage);
    return error.what();
  }
  return "accepted";
}

}  // namespace

TEST_CASE("a URL of something that is not HTTP") {
  const Url url = parse_url("tcp://127.0.0.1:6379", "service.url");
  CHECK(url.is_tcp());
  CHECK(!url.is_tls());
  CHECK(url.host == "127.0.0.1");
  CHECK(url.port == 6379);
  CHECK(url.origin() == "tcp://127.0.0.1:6379");
}

TEST_CASE("URLs that name a service") {
  const std::string label(63, 'a');
  const std::string longest = label + "." + label + "." + label + "." + std::string(61, 'b');  // 253 bytes
  const std::vector<Accepted> all = {
      {"http://localhost", "localhost", 80, false, "/", "localhost", "http://localhost:80"},
      {"http://localhost/", "localhost", 80, false, "/", "localhost", "http://localhost:80"},
      {"http://localhost:8080", "localhost", 8080, false, "/", "localhost:8080", "http://localhost:8080"},
      {"HTTP://LocalHost:80/A", "LocalHost", 80, false, "/A", "LocalHost", "http://LocalHost:80"},
      {"http://127.0.0.1:1/", "127.0.0.1", 1, false, "/", "127.0.0.1:1", "http://127.0.0.1:1"},
      {"http://255.255.255.255:65535/", "255.255.255.255", 65535, false, "/", "255.255.255.255:65535",
       "http://255.255.255.255:65535"},
      {"http://[::1]", "::1", 80, true, "/", "[::1]", "http://[::1]:80"},
      {"http://[::1]:8080/a?b=c", "::1", 8080, true, "/a?b=c", "[::1]:8080", "http://[::1]:8080"},
      {"http://[::ffff:127.0.0.1]/", "::ffff:127.0.0.1", 80, true, "/", "[::ffff:127.0.0.1]",
       "http://[::ffff:127.0.0.1]:80"},
      {"http://host?x=1", "host", 80, false, "/?x=1", "host", "http://host:80"},
      {"http://host/a/b;c=d/../e?x=1&y=%C3%A9&f[n]=/?:@", "host", 80, false, "/a/b;c=d/../e?x=1&y=%C3%A9&f[n]=/?:@",
       "host", "http://host:80"},
      {"http://host//a", "host", 80, false, "//a", "host", "http://host:80"},
      {"http://host/user@example.org", "host", 80, false, "/user@example.org", "host", "http://host:80"},
      {"http://my_service.test-1.example.org./", "my_service.test-1.example.org.", 80, false, "/",
       "my_service.test-1.example.org.", "http://my_service.test-1.example.org.:80"},
      {"http://1host/", "1host", 80, false, "/", "1host", "http://1host:80"},
      {"http://10.example/", "10.example", 80, false, "/", "10.example", "http://10.example:80"},
      {"http://host:00080/", "host", 80, false, "/", "host", "http://host:80"},
      {"http://" + longest + "/", longest, 80, false, "/", longest, "http://" + longest + ":80"},
  };
  for (const Accepted& expected : all) {
    CAPTURE(expected.text);
    const Url url = parse_url(expected.text, "gate.yaml:2:8");
    CHECK(url.scheme == "http");
    CHECK(url.host == expected.host);
    CHECK(url.port == expected.port);
    CHECK(url.ipv6_literal == expected.ipv6_literal);
    CHECK(url.target == expected.target);
    CHECK(url.host_header() == expected.host_header);
    CHECK(url.origin() == expected.origin);
  }
}

TEST_CASE("https has its own port, which is left out of Host") {
  const Url url = parse_url("HTTPS://example.org/a", "gate.yaml:2:8");
  CHECK(url.is_tls());
  CHECK(url.port == 443);
  CHECK(url.host_header() == "example.org");
  CHECK(url.origin() == "https://example.org:443");
  CHECK(parse_url("https://example.org:80/", "x").host_header() == "example.org:80");
  CHECK(parse_url("http://example.org:443/", "x").host_header() == "example.org:443");
  CHECK_FALSE(parse_url("http://example.org/", "x").is_tls());
}

TEST_CASE("URLs that are refused, to the letter") {
  const std::string form = "; expected http://host[:port][/path]";
  const std::string range = "; expected a number from 1 to 65535";
  const std::string encode = "; percent-encode it in path and query";
  const std::string octets = "; expected four decimal numbers from 0 to 255 without leading zeros";
  const std::string labels =
      "; expected labels of letters, digits, '-' and '_' with dots between them, an IPv4 address, or an IPv6 address "
      "in "
      "brackets";
  const std::string one_like = "; expected one like [::1]";
  const std::string user = "error[E-205]: URL with a user name or password; send an Authorization header instead";
  const std::string fragment =
      "error[E-206]: URL with a fragment ('#'); a fragment is never sent; write %23 for the character itself";
  const std::string percent =
      "error[E-207]: URL with '%' that two hexadecimal digits do not follow; write a percent sign as %25";
  const std::string label(64, 'a');
  const auto odd = [&](const std::string& host) {
    return "error[E-208]: URL with the odd IPv4 address '" + host + "'" + octets;
  };
  const auto host = [&](const std::string& name) { return "error[E-203]: URL with the host '" + name + "'" + labels; };
  const std::vector<Refused> all = {
      {"", "error[E-201]: empty URL" + form},
      {"localhost:8080", "error[E-201]: URL without a scheme" + form},
      {"127.0.0.1/a", "error[E-201]: URL without a scheme" + form},
      {"http:/host", "error[E-201]: URL without a scheme" + form},
      {"/a?b=http://host", "error[E-201]: URL without a scheme" + form},
      {"://host", "error[E-201]: unknown URL scheme ''; use http:// or https://"},
      {"ftp://host/", "error[E-201]: unknown URL scheme 'ftp'; use http:// or https://"},
      {"ws://host/", "error[E-201]: unknown URL scheme 'ws'; use http:// or https://"},
      {"tcp://host", "error[E-204]: tcp URL without a port; expected tcp://host:port"},
      {"http://", "error[E-203]: URL without a host" + form},
      {"http:///a", "error[E-203]: URL without a host" + form},
      {"http://:8080/", "error[E-203]: URL without a host" + form},
      {"http://?a", "error[E-203]: URL without a host" + form},
      {"http://a..b/", host("a..b")},
      {"http://.a/", host(".a")},
      {"http://./", host(".")},
      {"http://-a/", host("-a")},
      {"http://a-/", host("a-")},
      {"http://a%41/", host("a%41")},
      {"http://a,b/", host("a,b")},
      {"http://" + label + "/", host(label)},
      {"http://::1/",
       "error[E-203]: URL with the host '::1'; an IPv6 address stands in brackets, as in "
       "http://[::1]:8080"},
      {"http://[::1/", "error[E-203]: URL with '[' but no ']'" + one_like},
      {"http://[]/", "error[E-203]: URL with the IPv6 address ''" + one_like},
      {"http://[::g]/", "error[E-203]: URL with the IPv6 address '::g'" + one_like},
      {"http://[127.0.0.1]/", "error[E-203]: URL with the IPv6 address '127.0.0.1'" + one_like},
      {"http://[fe80::1%25eth0]/", "error[E-203]: URL with the IPv6 address 'fe80::1%25eth0'" + one_like},
      {"http://[::1]8080/", "error[E-204]: URL with '8080' after the host" + form},
      {"http://host:/", "error[E-204]: URL with a colon but no port" + range},
      {"http://[::1]:/", "error[E-204]: URL with a colon but no port" + range},
      {"http://host:0/", "error[E-204]: URL with port '0'" + range},
      {"http://host:65536/", "error[E-204]: URL with port '65536'" + range},
      {"http://host:99999999999999999999/", "error[E-204]: URL with port '99999999999999999999'" + range},
      {"http://host:-1/", "error[E-204]: URL with port '-1'" + range},
      {"http://host:80a/", "error[E-204]: URL with port '80a'" + range},
      {"http://user@host/", user},
      {"http://user:secret@host/", user},
      {"http://@host/", user},
      {"http://host/#top", fragment},
      {"http://host#", fragment},
      {"http://host/a b", "error[E-207]: URL with blank 0x20 at position 14" + encode},
      {" http://host/", "error[E-207]: URL with blank 0x20 at position 1" + encode},
      {"http://host/\n", "error[E-207]: URL with control character 0x0a at position 13" + encode},
      {"http://host/\x7f", "error[E-207]: URL with control character 0x7f at position 13" + encode},
      {std::string("http://host/\0x", 14), "error[E-207]: URL with control character 0x00 at position 13" + encode},
      {"http://host/\xc3\xa9", "error[E-207]: URL with byte above ASCII 0xc3 at position 13" + encode},
      {"http://host\\a", "error[E-207]: URL with character '\\' at position 12" + encode},
      {"http://host:{port}/", "error[E-207]: URL with character '{' at position 13" + encode},
      {"http://host/\"", "error[E-207]: URL with character '\"' at position 13" + encode},
      {"http://host/[a]", "error[E-207]: URL with a bracket in its path; percent-encode it: %5B or %5D"},
      {"http://host/%", percent},
      {"http://host/%4", percent},
      {"http://host/?a=%4g", percent},
      {"http://0x7f.1/", odd("0x7f.1")},
      {"http://010.0.0.1/", odd("010.0.0.1")},
      {"http://127.1/", odd("127.1")},
      {"http://2130706433/", odd("2130706433")},
      {"http://0x7f000001/", odd("0x7f000001")},
      {"http://0x/", odd("0x")},
      {"http://1.2.3/", odd("1.2.3")},
      {"http://1.2.3.4.5/", odd("1.2.3.4.5")},
      {"http://1.2.3.256/", odd("1.2.3.256")},
      {"http://1.2.3.04/", odd("1.2.3.04")},
      {"http://1.2.3.4./", odd("1.2.3.4.")},
      {"http://a.0x1/", odd("a.0x1")},
  };
  for (const Refused& expected : all) {
    CAPTURE(expected.text);
    CHECK(refusal(expected.text) == "gate.yaml:2:8: " + expected.message);
  }
}

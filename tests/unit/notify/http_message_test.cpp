// One message to a receiver that answers well, badly, late or not at all.
#include "notify/http_message.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <chrono>

#include "support/hostile_server.hpp"

using namespace burstgate;
using namespace burstgate::test;
using namespace std::chrono_literals;

namespace {

std::string told(const HostileServer& server, std::string body = "{}", std::chrono::milliseconds within = 5000ms) {
  return notify::send({.url = fmt::format("http://127.0.0.1:{}/hook/s3cret", server.port()),
                       .body = std::move(body),
                       .quotes_answer = true},
                      within);
}

std::string answer_to(const std::string& response) {
  const HostileServer server([&](int, int) -> Steps { return {recv_until_request(), respond(response)}; });
  return told(server);
}

}  // namespace

TEST_CASE("2xx is an answer, everything else is the reason why not") {
  CHECK(answer_to("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok") == "");
  CHECK(answer_to("HTTP/1.1 204 No Content\r\n\r\n") == "");
  CHECK(answer_to("HTTP/1.1 500 Oops\r\nContent-Length: 12\r\n\r\ninvalid\x1b[1mX") ==
        "it answered 500: invalid\\x1b[1mX");
  CHECK(answer_to("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n") == "it answered 404");
  CHECK(answer_to("SSH-2.0-OpenSSH_9.2p1\r\n").find("SSH-2.0") != std::string::npos);
}

TEST_CASE("an answer is quoted only where it cannot repeat a secret") {
  const HostileServer server([](int, int) -> Steps {
    return {recv_until_request(), respond("HTTP/1.1 403 No\r\nContent-Length: 6\r\n\r\ns3cret")};
  });
  CHECK(notify::send({.url = fmt::format("http://127.0.0.1:{}/s3cret", server.port())}, 5s) == "it answered 403");
}

TEST_CASE("a redirect is not followed") {
  const HostileServer elsewhere([](int, int) -> Steps {
    return {recv_until_request(), respond("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")};
  });
  CHECK(answer_to(fmt::format("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:{}/\r\nContent-Length: 0\r\n\r\n",
                              elsewhere.port())) == "it answered 302: redirects are not followed");
  CHECK(elsewhere.counters().connections == 0);
}

TEST_CASE("a receiver that takes the message and never answers costs no more than the time it is given") {
  const HostileServer server([](int, int) -> Steps { return {recv_until_request(), hold()}; });
  const auto begin = std::chrono::steady_clock::now();
  CHECK(told(server, "{}", 200ms) == "no answer in time");
  CHECK(std::chrono::steady_clock::now() - begin >= 150ms);
}

TEST_CASE("one that never reads a long message does not hang either") {
  const HostileServer server([](int, int) -> Steps { return {never_read()}; });
  CHECK(told(server, std::string(32u << 20, 'x'), 300ms) == "what was sent was not taken in time");
}

TEST_CASE("a long message arrives whole") {
  const HostileServer server([](int, int) -> Steps {
    return {recv_until_request(), respond("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")};
  });
  CHECK(told(server, std::string(8u << 20, 'x')) == "");
}

TEST_CASE("nobody there, no such name, and a URL that is none") {
  std::uint16_t port = 0;
  {
    const HostileServer gone([](int, int) -> Steps { return {}; });
    port = gone.port();
  }
  CHECK(notify::send({.url = fmt::format("http://127.0.0.1:{}/", port)}, 5s) == "Connection refused");
  CHECK(notify::send({.url = "http://nobody.invalid/"}, 5s) != "");
  CHECK(notify::send({.url = "http://"}, 5s) == "URL without a host");
}

TEST_CASE("a status counts although the answer's body never ends") {
  const HostileServer server([](int, int) -> Steps {
    return {recv_until_request(), send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhal"), close()};
  });
  CHECK(told(server) == "");
}

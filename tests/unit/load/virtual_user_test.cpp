// A user's iterations against a connection that answers from a list: what is sent, what is kept, how it is counted.
#include "load/virtual_user.hpp"

#include <doctest/doctest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <map>

#include "support/plans.hpp"
#include "unit/config/settings_file.hpp"

using namespace burstgate;
using namespace burstgate::load;
using measure::Failure;

namespace {

struct Reply {
  int status = 200;
  std::string body;
  std::vector<protocol::Field> fields{};
};

// Answers each request by its path, and remembers what was sent.
class ScriptedConnection final : public Connection {
 public:
  ScriptedConnection(asio::io_context& context, std::map<std::string, Reply> replies)
      : Connection(context), replies_(std::move(replies)) {}

  bool is_open() const override { return open_; }
  Task<Exchange> connect(Instant) override {
    open_ = true;
    co_return Exchange{};
  }
  Task<Exchange> exchange(const Outgoing& request, Instant) override {
    sent.push_back(request.bytes);
    senders.push_back(&request);
    storage.push_back(request.bytes.data());
    reply_ = replies_.at(std::string(path_of(request.bytes)));
    co_return Exchange{};
  }
  IdleState check_idle() override { return IdleState::usable; }
  void close() override { open_ = false; }
  Answer answer() const override {
    return {.status = reply_.status,
            .body_bytes = reply_.body.size(),
            .body = reply_.body,
            .anomalies = 0,
            .fields = &reply_.fields};
  }

  std::vector<std::string> sent;
  std::vector<const Outgoing*> senders;
  std::vector<const char*> storage;

 private:
  void wake() override {}

  std::map<std::string, Reply> replies_;
  Reply reply_;
  bool open_ = false;
};

// One user of the workload, alone on a thread.
struct Stage {
  Stage(const std::string& workload, std::map<std::string, Reply> replies)
      : plan(config::test::read("service: http://127.0.0.1:80\nworkload:\n" + workload).plan), feeders(plan.feeders) {
    setup.plan = &plan;
    setup.requests = render_requests(plan, protocol::parse_url("http://127.0.0.1:80/", "test"));
    setup.feeders = &feeders;
    setup.start = Clock::now();
    setup.window = {setup.start, setup.start + std::chrono::hours(1), std::chrono::hours(1)};
    thread.emplace(setup, 0, loop);
    connection.emplace(loop.context, std::move(replies));
    user.emplace(*thread, *connection, memory);
  }

  Performed iterate(std::size_t scenario = 0) {
    Performed performed = Performed::failed;
    const auto run = [&]() -> Task<void> {
      performed = co_await user->iterate(setup.requests.scenarios[scenario], nullptr);
    };
    loop.context.restart();
    asio::co_spawn(loop.context, run(), asio::detached);
    loop.context.run();
    return performed;
  }

  measure::Counts counts(std::size_t endpoint) { return thread->recorder.take()[endpoint].counts; }

  config::Plan plan;
  Feeders feeders;
  BurstSetup setup;
  EventLoop loop;
  std::optional<ThreadState> thread;
  std::optional<ScriptedConnection> connection;
  UserMemory memory;
  std::optional<VirtualUser> user;
};

std::string line_with(const std::string& request, const std::string& name) {
  const auto at = request.find("\r\n" + name + ": ");
  return at == std::string::npos ? "-" : request.substr(at + 2, request.find("\r\n", at + 2) - at - 2);
}

}  // namespace

TEST_CASE("where nothing varies, the bytes rendered before the burst are sent") {
  Stage stage("  scenarios: [{steps: [{get: /}, {post: /a, json: {a: 1}}]}]\n", {{"/", {}}, {"/a", {}}});
  for (int i = 0; i < 3; ++i) CHECK(stage.iterate() == Performed::ok);
  const auto& requests = stage.setup.requests.scenarios[0].requests;
  REQUIRE(stage.connection->senders.size() == 6);
  for (std::size_t i = 0; i < 6; ++i) CHECK(stage.connection->senders[i] == &requests[i % 2].outgoing);
}

TEST_CASE("a value saved from an answer is in the next request, whose buffer is used again") {
  Stage stage(
      "  scenarios:\n"
      "    - steps:\n"
      "        - post: /start\n"
      "          save: {id: json:/id}\n"
      "        - post: /items/{id}\n"
      "          name: item\n"
      "          headers: {X-Id: \"{id}\"}\n"
      "          json: {id: \"{id}\", raw: \"{id:json}\"}\n",
      {{"/start", {200, R"({"id": "a b\"c"})"}}, {"/items/a%20b%22c", {}}});
  CHECK(stage.iterate() == Performed::ok);
  const std::string& second = stage.connection->sent[1];
  CHECK(second.starts_with("POST /items/a%20b%22c HTTP/1.1\r\nHost: 127.0.0.1\r\n"));
  CHECK(line_with(second, "X-Id") == "X-Id: a b\"c");
  const std::string body = R"({"id":"a b\"c","raw":"a b\"c"})";
  CHECK(line_with(second, "Content-Length") == "Content-Length: " + std::to_string(body.size()));
  CHECK(second.ends_with("\r\n\r\n" + body));
  CHECK(stage.iterate() == Performed::ok);
  CHECK(stage.connection->storage[3] == stage.connection->storage[1]);
  CHECK(stage.counts(1).ok == 2);
}

TEST_CASE("a save that finds nothing ends the iteration, and says which") {
  Stage stage("  scenarios: [{steps: [{get: /a, save: {id: json:/id}}, {get: \"/b/{id}\"}]}]\n", {{"/a", {200, "{}"}}});
  CHECK(stage.iterate() == Performed::failed);
  CHECK(stage.connection->sent.size() == 1);
  CHECK(stage.counts(0)[Failure::save] == 1);
  CHECK(stage.thread->causes.sentences() ==
        std::vector<std::string>{"1 x GET /a: json:/id is not in the answer, so {id} has no value"});
}

TEST_CASE("a value with a line end in it is never sent in a header") {
  Stage stage("  scenarios: [{steps: [{get: /a, save: {id: json:/id}}, {get: /b, headers: {X: \"{id}\"}}]}]\n",
              {{"/a", {200, R"({"id": "1\r\nEvil: 2"})"}}});
  CHECK(stage.iterate() == Performed::failed);
  CHECK(stage.connection->sent.size() == 1);
  CHECK(stage.counts(1)[Failure::save] == 1);
  CHECK(stage.thread->causes.sentences() ==
        std::vector<std::string>{"1 x GET /b: the value of {id} has a control character and cannot be sent"});
}

TEST_CASE("a failed check ends the iteration") {
  Stage stage("  scenarios: [{steps: [{get: /a, expect: {json: {/ok: true}}}, {get: /b}]}]\n",
              {{"/a", {200, R"({"ok": false})"}}});
  CHECK(stage.iterate() == Performed::failed);
  CHECK(stage.connection->sent.size() == 1);
  CHECK(stage.counts(0)[Failure::check] == 1);
  CHECK(stage.thread->causes.sentences() ==
        std::vector<std::string>{"1 x GET /a: json /ok is not true, for example false"});
}

TEST_CASE("cookies belong to the user, and go where their path says") {
  const std::map<std::string, Reply> replies = {
      {"/login", {200, "", {{"Set-Cookie", "sid=1; Path=/api"}}}}, {"/api/x", {}}, {"/", {}}};
  const std::string steps = "  scenarios: [{steps: [{get: /login}, {get: /api/x}, {get: /}]}]\n";
  Stage stage(steps, replies);
  for (int i = 0; i < 2; ++i) CHECK(stage.iterate() == Performed::ok);
  const auto& sent = stage.connection->sent;
  for (const std::size_t i : {0u, 2u, 3u, 5u}) CHECK(line_with(sent[i], "Cookie") == "-");
  for (const std::size_t i : {1u, 4u}) CHECK(line_with(sent[i], "Cookie") == "Cookie: sid=1");
  CHECK(stage.connection->senders[2] == &stage.setup.requests.scenarios[0].requests[2].outgoing);

  Stage none("  cookies: none\n" + steps, replies);
  none.iterate();
  CHECK(line_with(none.connection->sent[1], "Cookie") == "-");

  Stage own("  cookies: user\n  headers: {Cookie: a=b}\n" + steps, replies);
  own.iterate();
  CHECK(line_with(own.connection->sent[1], "Cookie") == "Cookie: a=b");
}

TEST_CASE("cookies of an iteration are gone with it, those of the setup stay") {
  Stage stage(
      "  cookies: iteration\n"
      "  scenarios: [{setup: [{get: /login}], steps: [{get: /}, {get: /end}]}]\n",
      {{"/login", {200, "", {{"Set-Cookie", "sid=1"}}}}, {"/", {200, "", {{"Set-Cookie", "seen=1"}}}}, {"/end", {}}});
  for (int i = 0; i < 2; ++i) CHECK(stage.iterate() == Performed::ok);
  const auto& sent = stage.connection->sent;
  REQUIRE(sent.size() == 5);  // one login
  CHECK(line_with(sent[1], "Cookie") == "Cookie: sid=1");
  CHECK(line_with(sent[2], "Cookie") == "Cookie: sid=1; seen=1");
  CHECK(line_with(sent[3], "Cookie") == "Cookie: sid=1");
}

TEST_CASE("a setup is no part of what is measured; one that fails is its first request's failure") {
  const std::string workload =
      "  scenarios: [{setup: [{post: /login, name: login, save: {t: json:/t}}], auth: {bearer: \"{t}\"},\n"
      "    steps: [{get: /}]}]\n";
  Stage stage(workload, {{"/login", {200, R"({"t": "abc"})"}}, {"/", {}}});
  for (int i = 0; i < 2; ++i) CHECK(stage.iterate() == Performed::ok);
  REQUIRE(stage.connection->sent.size() == 3);
  CHECK(line_with(stage.connection->sent[2], "Authorization") == "Authorization: Bearer abc");
  CHECK(stage.counts(0).ok == 2);
  const auto setup = stage.thread->setup_recorder.take();
  CHECK(setup[0].counts.ok == 1);

  Stage failing(workload, {{"/login", {503, ""}}});
  for (int i = 0; i < 2; ++i) CHECK(failing.iterate() == Performed::failed);
  CHECK(failing.connection->sent.size() == 2);
  const measure::Counts counts = failing.counts(0);
  CHECK(counts.started == 2);
  CHECK(counts[Failure::status] == 2);
  CHECK(counts.statuses.empty());
  CHECK(failing.thread->setup_recorder.take()[0].counts[Failure::status] == 2);
  CHECK(failing.thread->causes.sentences() ==
        std::vector<std::string>{"2 x GET /: its user's setup failed, login: status 503",
                                 "2 x setup step login: status 503"});
}

TEST_CASE("credentials that vary are encoded when they are sent") {
  Stage stage(
      "  variables: {who: Aladdin}\n"
      "  auth: {basic: {user: \"{who}\", password: open sesame}}\n"
      "  scenarios: [{steps: [{get: /}]}]\n",
      {{"/", {}}});
  stage.iterate();
  CHECK(line_with(stage.connection->sent[0], "Authorization") == "Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
}

TEST_CASE("variables are made once per iteration, random values each time") {
  Stage stage(
      "  variables: {n: \"{random:hex:12}\", twice: \"{n}{n}\"}\n"
      "  scenarios: [{steps: [{post: /, body: \"{n} {n} {twice} {random:hex:12}\"}]}]\n",
      {{"/", {}}});
  stage.iterate();
  stage.iterate();
  const auto body = [&](std::size_t i) {
    const std::string& sent = stage.connection->sent[i];
    return sent.substr(sent.find("\r\n\r\n") + 4);
  };
  const std::string n = body(0).substr(0, 12);
  CHECK(body(0).starts_with(n + " " + n + " " + n + n + " "));
  CHECK(body(0).substr(51) != n);
  CHECK(body(1).substr(0, 12) != n);
}

#include "load/answer_check.hpp"

#include <doctest/doctest.h>

#include "load/causes.hpp"
#include "support/plans.hpp"

using namespace burstgate;
using namespace burstgate::load;
using config::Save;
using measure::Failure;
using std::chrono::milliseconds;

namespace {

const std::string body = R"({"ok": true, "n": 7, "s": "x", "none": null})";
const std::vector<protocol::Field> fields = {
    {"content-type", "application/json; charset=utf-8"}, {"Set-Cookie", "sid=abc; Path=/"}, {"Set-Cookie", "b=2"}};

Answer good() {
  return {.status = 200, .body_bytes = body.size(), .body = body, .anomalies = 0, .fields = &fields};
}

Request request_of(const config::Step& changes) {
  config::Plan plan = test::one_step_plan();
  config::Step& step = plan.scenarios[0].steps[0];
  step.expect_status = changes.expect_status;
  step.expect_body = changes.expect_body;
  step.expect_json = changes.expect_json;
  step.expect_headers = changes.expect_headers;
  step.expect_within = changes.expect_within;
  step.saves = changes.saves;
  return render_requests(plan, protocol::parse_url("http://127.0.0.1:80/", "test")).scenarios[0].requests[0];
}

// "class: what (example)", or "ok".
std::string text(const std::optional<Objection>& objection) {
  if (!objection) return "ok";
  return std::string(name(objection->failure)) + ": " + objection->what + " (" + objection->example + ")";
}

std::string judged(const config::Step& step, Answer answer = good(), Duration latency = milliseconds(5)) {
  return text(objection_to(request_of(step), answer, latency));
}

config::Step step_of(void (*change)(config::Step&)) {
  config::Step step;
  change(step);
  return step;
}

}  // namespace

TEST_CASE("an answer is judged by what the step expects") {
  CHECK(judged({}) == "ok");
  Answer other = good();
  other.status = 503;
  CHECK(judged({}, other) == "status: status 503 ()");
  CHECK(judged(step_of([](auto& s) { s.expect_body = "\"ok\""; })) == "ok");
  CHECK(judged(step_of([](auto& s) { s.expect_body = "absent"; })) == "check: the body does not contain 'absent' ()");
  CHECK(judged(step_of([](auto& s) { s.expect_json = {{"/ok", "true"}, {"/n", "7.0"}, {"/s", "\"x\""}}; })) == "ok");
  CHECK(judged(step_of([](auto& s) { s.expect_json = {{"/ok", "false"}}; })) == "check: json /ok is not false (true)");
  CHECK(judged(step_of([](auto& s) { s.expect_json = {{"/x", "1"}}; })) == "check: json /x is missing ()");
  CHECK(judged(step_of([](auto& s) { s.expect_json = {{"/none", "null"}}; })) == "ok");
  CHECK(judged(step_of([](auto& s) { s.expect_headers = {{"Content-Type", "application/json"}}; })) == "ok");
  CHECK(judged(step_of([](auto& s) { s.expect_headers = {{"Set-Cookie", "b="}}; })) == "ok");
  CHECK(judged(step_of([](auto& s) {
          s.expect_headers = {{"Content-Type", "html"}};
        })) == "check: the header Content-Type does not contain 'html' (application/json; charset=utf-8)");
  CHECK(judged(step_of([](auto& s) {
          s.expect_headers = {{"set-cookie", "other"}};
        })) == "check: the header set-cookie does not contain 'other' (***)");
  CHECK(judged(step_of([](auto& s) { s.expect_headers = {{"X-Id", "1"}}; })) == "check: the header X-Id is missing ()");
}

TEST_CASE("within: at the limit is in time, past it is not") {
  const config::Step step = step_of([](auto& s) { s.expect_within = std::chrono::milliseconds(20); });
  CHECK(judged(step, good(), milliseconds(20)) == "ok");
  CHECK(judged(step, good(), milliseconds(21)) == "check: took longer than 20 ms (21 ms)");
}

TEST_CASE("values are kept from where the step says") {
  const Request request = request_of(step_of([](auto& s) {
    s.saves = {{"n", Save::From::json, "/n", 0},
               {"s", Save::From::json, "/s", 1},
               {"h", Save::From::header, "CONTENT-TYPE", 2},
               {"r", Save::From::regex, "\"n\": ([0-9]+)", 3},
               {"c", Save::From::cookie, "sid", 4}};
  }));
  std::vector<std::string> slots(5, "old");
  CHECK(text(keep_values(request, good(), slots)) == "ok");
  CHECK(slots == std::vector<std::string>{"7", "x", "application/json; charset=utf-8", "7", "abc"});
  CHECK(request.outgoing.wants_body);
  CHECK(request.outgoing.wants_fields == protocol::FieldsWanted::all);
}

TEST_CASE("a value that is not there is a failure by name, never an empty text") {
  const auto lost = [](Save save) {
    config::Step step;
    step.saves = {std::move(save)};
    std::vector<std::string> slots(1);
    return text(keep_values(request_of(step), good(), slots));
  };
  CHECK(lost({"v", Save::From::json, "/v", 0}) == "save: json:/v is not in the answer, so {v} has no value ()");
  CHECK(lost({"v", Save::From::json, "/none", 0}) == "save: json:/none is not in the answer, so {v} has no value ()");
  CHECK(lost({"v", Save::From::header, "X", 0}) == "save: header:X is not in the answer, so {v} has no value ()");
  CHECK(lost({"v", Save::From::regex, "zz", 0}) == "save: regex:zz is not in the answer, so {v} has no value ()");
  CHECK(lost({"v", Save::From::cookie, "si", 0}) == "save: cookie:si is not in the answer, so {v} has no value ()");
}

TEST_CASE("causes are counted, the most frequent first, and there is an end to them") {
  Causes causes;
  causes.add("a", "");
  causes.add("b", "one\n");
  causes.add("b", "two");
  Causes other;
  other.add("a", "late");
  other.add("a", "");
  causes.add(other);
  CHECK(causes.sentences() == std::vector<std::string>{"3 x a", "2 x b, for example one\\x0a"});
  for (int i = 0; i < 20; ++i) causes.add("c" + std::to_string(i), "");
  const auto all = causes.sentences();
  CHECK(all.size() == Causes::most + 1);
  CHECK(all.back() == "10 x other causes");
}

// What a journey's settings become in the plan.
#include <doctest/doctest.h>

#include "config/plan.hpp"
#include "unit/config/settings_file.hpp"

using namespace burstgate::config;
using namespace burstgate::config::test;

namespace {

Plan plan_of(const std::string& workload, const std::map<std::string, std::string>& environment = {}) {
  return read("service: http://127.0.0.1:8080\nworkload:\n" + workload, {}, environment).plan;
}

const Step& only_step(const Plan& plan) {
  return plan.scenarios.front().steps.front();
}

Step step_with(const std::string& keys, const std::map<std::string, std::string>& environment = {}) {
  const std::string text = "  variables: {name: x, id: \"7\"}\n  scenarios: [{steps: [{post: /a, " + keys + "}]}]\n";
  return only_step(plan_of(text, environment));
}

std::string header(const Step& step, const std::string& name) {
  for (const Header& header : step.headers) {
    if (header.name == name) return spelled(header.value.text, header.value.placeholders);
  }
  return "-";
}

std::string body(const Step& step) {
  return spelled(step.body.text, step.body.placeholders);
}

}  // namespace

TEST_CASE("names become slots, the setup's of the run first") {
  const Plan plan = plan_of(
      "  setup: [{post: /login, save: {token: json:/token}}]\n"
      "  variables: {word: \"{random:choice:a|b}\"}\n"
      "  scenarios:\n"
      "    - setup: [{post: /session, save: {session: header:X-Session}}]\n"
      "      headers: {X-Session: \"{session}\"}\n"
      "      steps:\n"
      "        - post: /chat\n"
      "          json: {text: \"{word} {token}\"}\n"
      "          save: {id: json:/id}\n"
      "        - get: /chat/{id}?q={word}\n");
  const Scenario& scenario = plan.scenarios.front();
  CHECK(plan.run_slots == 1);
  CHECK(scenario.slots == std::vector<std::string>{"token", "word", "session", "id"});
  CHECK(plan.around.slots.front() == "token");
  CHECK(plan.around.setup.front().saves.front().slot == 0);
  CHECK(scenario.setup.front().headers.empty());  // the scenario's headers need what its setup saves
  const Step& chat = scenario.steps[0];
  CHECK(header(chat, "X-Session") == "{session}");
  CHECK(chat.headers.front().value.placeholders.front().slot == 2);
  CHECK(chat.saves.front().slot == 3);
  CHECK(body(chat) == R"({"text":"{word} {token}"})");
  CHECK(scenario.steps[1].name == "GET /chat/{id}?q=***");
  REQUIRE(scenario.steps[1].target_placeholders.size() == 2);
  CHECK(scenario.steps[1].target == "/chat/?q=");
  CHECK(scenario.steps[1].target_placeholders[0].at == 6);
  CHECK(scenario.steps[1].target_placeholders[0].slot == 3);
  CHECK(scenario.steps[1].target_placeholders[1].encoding == Encoding::segment);
}

TEST_CASE("bodies in their forms") {
  CHECK(body(step_with("form: {a b: \"x y\", id: \"{id}&\"}")) == "a+b=x+y&id={id}%26");
  CHECK(header(step_with("form: {a: b}"), "Content-Type") == "application/x-www-form-urlencoded");
  CHECK(body(step_with("json: {n: 1, id: \"{id:json}\", t: \"a\\\"{name}\"}")) ==
        R"({"n":1,"id":{id},"t":"a\"{name}"})");
  CHECK(body(step_with("body: \"{\\\"a\\\": {}} {{id}\"")) == R"({"a": {}} {id})");
  CHECK(body(step_with("body: \"${A}\"", {{"A", "{id}"}})) == "{id}");  // what the environment says is never looked at
  CHECK_FALSE(step_with("body: \"${A}\"", {{"A", "{id}"}}).body.varies());

  const Step multipart = step_with("multipart: {title: \"a {name}\"}");
  const std::string type = header(multipart, "Content-Type");
  REQUIRE(type.starts_with("multipart/form-data; boundary="));
  const std::string boundary = type.substr(type.find('=') + 1);
  CHECK(body(multipart) == "--" + boundary +
                               "\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\na {name}\r\n--" + boundary +
                               "--\r\n");
}

TEST_CASE("bodies from files") {
  const Folder folder;
  folder.write("files/photo.png", "\x89PNG");
  const std::string path = folder.write("gate.yaml",
                                        "service: http://127.0.0.1:8080\n"
                                        "workload: {scenarios: [{steps: [{post: /a, body_file: files/photo.png},\n"
                                        "  {post: /b, multipart: {p: {file: files/photo.png, type: image/png}}}]}]}\n");
  const Plan plan = read_settings(path, {}, no_environment).plan;
  const Step& raw = plan.scenarios.front().steps[0];
  CHECK(raw.body.text == "\x89PNG");
  CHECK(raw.body.shown.starts_with("file sha256:"));
  CHECK(header(raw, "Content-Type") == "application/octet-stream");
  CHECK(body(plan.scenarios.front().steps[1])
            .find("name=\"p\"; filename=\"photo.png\"\r\nContent-Type: image/png\r\n\r\n\x89PNG\r\n--") !=
        std::string::npos);
}

TEST_CASE("credentials are a header, and are not shown") {
  const Step basic = step_with("auth: {basic: {user: Aladdin, password: open sesame}}");
  CHECK(header(basic, "Authorization") == "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
  CHECK(basic.headers.front().value.shown == "Basic ***:***");
  const Step variable = step_with("auth: {basic: {user: \"{name}\", password: \"${PW}\"}}", {{"PW", "secret"}});
  CHECK(variable.headers.front().basic);
  CHECK(header(variable, "Authorization") == "{name}:secret");
  CHECK(variable.headers.front().value.shown == "Basic {name}:${PW}");
  const Step bearer = step_with("auth: {bearer: abc}");
  CHECK(header(bearer, "Authorization") == "Bearer abc");
  CHECK(bearer.headers.front().value.shown == "Bearer ***");
  CHECK(header(step_with("auth: {bearer: \"{id}\"}"), "Authorization") == "Bearer {id}");
}

TEST_CASE("columns that nothing uses are left out") {
  const Folder folder;
  folder.write("users.csv", "user,password,rest\na,b,c\n");
  const std::string path = folder.write("gate.yaml",
                                        "service: http://127.0.0.1:8080\n"
                                        "workload:\n  feeders: [{file: users.csv}]\n"
                                        "  scenarios: [{name: uses, steps: [{get: \"/{password}\"}]},\n"
                                        "    {name: not, steps: [{get: /}]}]\n");
  const Plan plan = read_settings(path, {}, no_environment).plan;
  REQUIRE(plan.scenarios[0].feeders.size() == 1);
  const auto& columns = plan.scenarios[0].feeders[0].columns;
  REQUIRE(columns.size() == 1);
  CHECK(columns[0].first == 1);
  CHECK(plan.scenarios[0].slots[columns[0].second] == "password");
  CHECK(plan.scenarios[1].feeders.empty());
}

TEST_CASE("a brace that is no name stands for itself") {
  CHECK(header(step_with("headers: {X: \"{a b} {1} {}\"}"), "X") == "{a b} {1} {}");
  CHECK(refusal("service: http://127.0.0.1:8080\nworkload: {scenarios: [{steps: [{get: \"/a{1}\"}]}]}\n")
            .find("contains '{', which must be written %7B") != std::string::npos);
}

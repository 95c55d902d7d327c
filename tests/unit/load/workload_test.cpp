#include <doctest/doctest.h>

#include <algorithm>

#include "load/burst.hpp"
#include "load/request.hpp"
#include "support/plans.hpp"

using namespace burstgate;

namespace {

std::string digest_after(void (*change)(config::Plan&)) {
  config::Plan plan = test::one_step_plan();
  change(plan);
  return load::workload_of(plan).digest;
}

}  // namespace

TEST_CASE("the workload digest changes with everything that changes what is sent") {
  const std::string same = load::workload_of(test::one_step_plan()).digest;
  CHECK(same.size() == 64);
  CHECK(digest_after([](config::Plan&) {}) == same);
  CHECK(digest_after([](config::Plan& p) { p.profile.closed.users = 11; }) != same);
  CHECK(digest_after([](config::Plan& p) { p.profile.closed.spawn_rate_per_s = 5; }) != same);
  CHECK(digest_after([](config::Plan& p) { p.profile.open = config::OpenLoad{100, 10}; }) != same);
  CHECK(digest_after([](config::Plan& p) { p.profile.duration += std::chrono::seconds(1); }) != same);
  CHECK(digest_after([](config::Plan& p) { p.profile.warmup += std::chrono::seconds(1); }) != same);
  CHECK(digest_after([](config::Plan& p) { p.keep_alive = false; }) != same);
  CHECK(digest_after([](config::Plan& p) { p.limits.request_timeout /= 2; }) != same);
  CHECK(digest_after([](config::Plan& p) { p.scenarios[0].weight = 2; }) != same);
  CHECK(digest_after([](config::Plan& p) { p.scenarios[0].wait_max += std::chrono::seconds(1); }) != same);
  CHECK(digest_after([](config::Plan& p) { p.scenarios[0].steps[0].target = "/?a=1"; }) != same);
  CHECK(digest_after([](config::Plan& p) {
          p.scenarios[0].steps[0].method = "HEAD";
          p.scenarios[0].steps[0].target_shown = "/";
        }) != same);
  CHECK(digest_after([](config::Plan& p) { p.scenarios[0].steps[0].headers = {{"A", {"b", "b"}}}; }) != same);
  CHECK(digest_after([](config::Plan& p) { p.scenarios[0].steps[0].body = {"x", "x"}; }) != same);
  CHECK(digest_after([](config::Plan& p) { p.scenarios[0].steps[0].expect_status = {404}; }) != same);
  CHECK(digest_after([](config::Plan& p) { p.scenarios[0].steps[0].expect_body = "x"; }) != same);
  using config::Save;
  CHECK(digest_after([](config::Plan& p) { p.scenarios[0].steps[0].expect_json = {{"/ok", "true"}}; }) != same);
  CHECK(digest_after([](config::Plan& p) { p.scenarios[0].steps[0].expect_headers = {{"A", "b"}}; }) != same);
  CHECK(digest_after([](config::Plan& p) { p.scenarios[0].steps[0].expect_within = std::chrono::seconds(1); }) != same);
  CHECK(digest_after([](config::Plan& p) { p.scenarios[0].steps[0].saves = {{"a", Save::From::json, "/a"}}; }) != same);
  CHECK(digest_after([](config::Plan& p) {
          config::Placeholder placeholder;
          placeholder.name = "a";
          p.scenarios[0].steps[0].target_placeholders = {placeholder};
        }) != same);
  CHECK(digest_after([](config::Plan& p) { p.scenarios[0].variables = {{"a", {"b", "b"}}}; }) != same);
  CHECK(digest_after([](config::Plan& p) { p.scenarios[0].setup = p.scenarios[0].steps; }) != same);
  CHECK(digest_after([](config::Plan& p) { p.scenarios[0].teardown = p.scenarios[0].steps; }) != same);
  CHECK(digest_after([](config::Plan& p) { p.around.setup = p.scenarios[0].steps; }) != same);
  CHECK(digest_after([](config::Plan& p) { p.cookies = config::Cookies::none; }) != same);
  CHECK(digest_after([](config::Plan& p) {
          p.feeders.emplace_back();
          p.scenarios[0].feeders = {{0}};
        }) != same);
  // What does not: the seed, where the service listens, and values from the environment.
  CHECK(digest_after([](config::Plan& p) { p.seed = 99; }) == same);
  CHECK(digest_after([](config::Plan& p) { p.service.url = "http://127.0.0.1:9/"; }) == same);
  const auto with_token = [](const char* token) {
    config::Plan plan = test::one_step_plan();
    plan.scenarios[0].steps[0].headers = {{"Authorization", {std::string("Bearer ") + token, "Bearer ${TOKEN}"}}};
    return load::workload_of(plan).digest;
  };
  CHECK(with_token("one") == with_token("two"));
}

TEST_CASE("spawning the users belongs to the warm-up") {
  config::Plan plan = test::one_step_plan();
  plan.profile.warmup = std::chrono::seconds(2);
  plan.profile.duration = std::chrono::seconds(10);
  plan.profile.closed = {.users = 50, .spawn_rate_per_s = 10};
  CHECK(load::warmup_seconds(plan) == doctest::Approx(5));
  CHECK(load::planned_seconds(plan) == doctest::Approx(15));
  plan.profile.closed.spawn_rate_per_s = 100;
  CHECK(load::warmup_seconds(plan) == doctest::Approx(2));
}

TEST_CASE("requests are rendered once, with what HTTP/1.1 asks for") {
  config::Plan plan = test::one_step_plan();
  const auto url = protocol::parse_url("http://127.0.0.1:8080/", "test");
  const auto set = load::render_requests(plan, url);
  REQUIRE(set.scenarios.size() == 1);
  const auto& get = set.scenarios[0].requests[0];
  CHECK(get.outgoing.bytes == "GET / HTTP/1.1\r\nHost: 127.0.0.1:8080\r\nUser-Agent: burstgate/" BURSTGATE_VERSION
                              "\r\n\r\n");
  CHECK(get.idempotent);
  CHECK(get.expected_status[200]);
  CHECK(get.expected_status[299]);
  CHECK_FALSE(get.expected_status[199]);
  CHECK_FALSE(get.expected_status[300]);

  plan.keep_alive = false;
  auto& step = plan.scenarios[0].steps[0];
  step.method = "POST";
  step.body = {"{}", "{}"};
  step.headers = {{"hOST", {"other", "other"}}, {"accept", {"a/b", "a/b"}}};
  step.expect_status = {201};
  const auto post = load::render_requests(plan, url).scenarios[0].requests[0];
  CHECK(post.outgoing.bytes == "POST / HTTP/1.1\r\nUser-Agent: burstgate/" BURSTGATE_VERSION
                               "\r\nhOST: other\r\naccept: a/b\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}");
  CHECK_FALSE(post.idempotent);
  CHECK_FALSE(post.expected_status[200]);
  CHECK(post.expected_status[201]);
}

TEST_CASE("steps of the same name are one endpoint") {
  config::Plan plan = test::one_step_plan();
  plan.scenarios.push_back(plan.scenarios[0]);
  config::Step other = plan.scenarios[0].steps[0];
  other.name = "other";
  plan.scenarios[1].steps.push_back(other);
  const auto set = load::render_requests(plan, protocol::parse_url("http://localhost/", "test"));
  CHECK(set.endpoint_names == std::vector<std::string>{"GET /", "other"});
  CHECK(set.scenarios[1].requests[0].endpoint == 0);
  CHECK(set.scenarios[1].requests[1].endpoint == 1);
}

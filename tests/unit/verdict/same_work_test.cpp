// Case 117: not the same work, at each limit and one past it.
#include "verdict/same_work.hpp"

#include <doctest/doctest.h>

#include "support/measurement_builder.hpp"

using namespace burstgate;
using namespace burstgate::verdict;
using test::build;
using test::EndpointSpec;
using test::RunSpec;

namespace {

std::vector<Reason> compare(const RunSpec& was, const RunSpec& now) {
  const auto baseline = build(was);
  return other_work({&baseline}, build(now));
}

RunSpec with_body(std::uint64_t bytes) {
  RunSpec spec;
  spec.endpoints[0].body_bytes_each = bytes;
  return spec;
}

RunSpec with_statuses(std::map<int, std::uint64_t> statuses, std::uint64_t ok = 10'000) {
  RunSpec spec;
  spec.endpoints[0].ok = ok;
  spec.endpoints[0].statuses = std::move(statuses);
  return spec;
}

std::vector<EndpointSpec> named(const std::vector<std::string>& names) {
  std::vector<EndpointSpec> endpoints(names.size());
  for (std::size_t i = 0; i < names.size(); ++i) endpoints[i].name = names[i];
  return endpoints;
}

}  // namespace

TEST_CASE("mean body size: factor 2 and 64 bytes") {
  CHECK(compare(with_body(1000), with_body(1000)).empty());
  CHECK(compare(with_body(1000), with_body(2000)).empty());
  CHECK(compare(with_body(1000), with_body(500)).empty());
  REQUIRE(compare(with_body(1000), with_body(2001)).size() == 1);
  CHECK(compare(with_body(1000), with_body(499))[0].figure == "GET /: mean body 1000 bytes -> 499 bytes");
  CHECK(compare(with_body(10), with_body(74)).empty());  // 64 bytes more
  CHECK(compare(with_body(10), with_body(75)).size() == 1);
  CHECK(compare(with_body(0), with_body(65)).size() == 1);
}

TEST_CASE("body size without successes on a side says nothing") {
  RunSpec none = with_body(1000);
  none.endpoints[0].ok = 0;
  none.endpoints[0].errors = 10;
  CHECK(compare(with_body(1000), none).empty());
  CHECK(compare(none, with_body(1000)).empty());
}

TEST_CASE("status shares: more than 10 points") {
  const RunSpec all_200 = with_statuses({{200, 10'000}});
  CHECK(compare(all_200, with_statuses({{200, 9'000}, {304, 1'000}})).empty());
  const auto reasons = compare(all_200, with_statuses({{200, 8'999}, {304, 1'001}}));
  REQUIRE(reasons.size() == 1);
  CHECK(reasons[0].cause == Cause::not_the_same_work);
  CHECK(reasons[0].figure == "GET /: status 200 in 100 % -> 90 % of the answers below 400");
  const auto back = compare(with_statuses({{200, 8'000}, {304, 2'000}}), all_200);
  REQUIRE(back.size() == 1);
  CHECK(back[0].figure == "GET /: status 200 in 80 % -> 100 % of the answers below 400");
  CHECK(compare(all_200, with_statuses({{304, 10'000}})).size() == 1);
  // The first status unchanged, later ones exchanged.
  CHECK(compare(with_statuses({{200, 5'000}, {201, 5'000}}), with_statuses({{200, 5'000}, {202, 5'000}})).size() == 1);
}

TEST_CASE("a handful of answers proves no other mix") {
  const RunSpec all_200 = with_statuses({{200, 10'000}});
  CHECK(compare(all_200, with_statuses({{200, 4}, {304, 1}}, 5)).size() == 1);  // never seen in 10 000 answers
  CHECK(compare(with_statuses({{200, 3}, {304, 2}}, 5), with_statuses({{200, 2}, {304, 3}}, 5)).empty());
  CHECK(compare(with_statuses({{200, 2}, {304, 3}}, 5), with_statuses({{200, 3}, {304, 2}}, 5)).empty());
}

TEST_CASE("how certain the other mix must be: 99 % on each side") {
  const RunSpec half = with_statuses({{200, 5'000}, {304, 5'000}});
  CHECK(compare(half, with_statuses({{200, 8}, {304, 1}}, 9)).size() == 1);  // z = 2.33
  CHECK(compare(half, with_statuses({{200, 7}, {304, 1}}, 8)).empty());
}

TEST_CASE("a single answer counts") {
  const RunSpec one = with_statuses({{200, 1}}, 1), others = with_statuses({{304, 10'000}});
  REQUIRE(compare(one, others).size() == 1);
  CHECK(compare(one, others)[0].figure == "GET /: status 200 in 100 % -> 0 % of the answers below 400");
  REQUIRE(compare(others, one).size() == 1);
  CHECK(compare(others, one)[0].figure == "GET /: status 200 in 0 % -> 100 % of the answers below 400");
  RunSpec small = with_body(10), large = with_body(1'000);
  small.endpoints[0].ok = 1;
  CHECK(compare(small, large).size() == 1);
  CHECK(compare(large, small).size() == 1);
}

TEST_CASE("errors are not another mix of work") {
  RunSpec was = with_statuses({{200, 10'000}});
  RunSpec now = with_statuses({{200, 5'000}, {400, 2'000}, {500, 5'000}}, 5'000);
  CHECK(compare(was, now).empty());
  CHECK(compare(now, with_statuses({{404, 10'000}})).empty());  // nothing below 400 to compare with
  CHECK(compare(with_statuses({{404, 10'000}}), now).empty());
  CHECK(compare(with_statuses({{399, 10'000}}), with_statuses({{200, 10'000}})).size() == 1);
}

TEST_CASE("another mix of the same endpoints shows in the whole run") {
  RunSpec was, now;
  EndpointSpec page, image;
  page.name = "page", image.name = "image";
  page.body_bytes_each = 100, image.body_bytes_each = 10'000;
  page.ok = 9'000, image.ok = 1'000;
  was.endpoints = {page, image};
  page.ok = 1'000, image.ok = 9'000;
  now.endpoints = {page, image};
  const auto reasons = compare(was, now);
  REQUIRE(reasons.size() == 1);
  CHECK(reasons[0].figure == "mean body 1090 bytes -> 9010 bytes");
}

TEST_CASE("several recorded runs are taken together") {
  const auto small = build(with_body(100)), large = build(with_body(1'900));
  const auto now = build(with_body(1'900));
  CHECK(other_work({&small, &large}, now).empty());  // 1000 on average
  CHECK(other_work({&small}, now).size() == 1);
}

TEST_CASE("case 101: endpoints on one side only, with the list") {
  RunSpec was, now;
  was.endpoints = named({"a", "b", "c"});
  now.endpoints = named({"b", "d"});
  CHECK_FALSE(other_endpoints(build(was), build(was)));
  CHECK(other_endpoints(build(was), build(now))->cause == Cause::endpoint_missing);
  CHECK(other_endpoints(build(was), build(now))->figure == "only in the baseline: a, c; only in this run: d");
  now.endpoints = named({"a", "b"});
  CHECK(other_endpoints(build(was), build(now))->figure == "only in the baseline: c");
  CHECK(other_endpoints(build(now), build(was))->figure == "only in this run: c");
  // An endpoint that a recorded run lacks is nothing to compare with.
  const auto baseline = build(now);
  CHECK(other_work({&baseline}, build(was)).empty());
}

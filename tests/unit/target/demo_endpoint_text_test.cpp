#include <doctest/doctest.h>

#include "base/error.hpp"
#include "target/demo_service.hpp"

using namespace burstgate;
using namespace burstgate::target;
using std::chrono::microseconds;
using Shape = ServiceTime::Shape;

namespace {

std::string endpoint_error(std::string_view text) {
  try {
    parse_demo_endpoint(text, "--endpoint");
  } catch (const Error& error) {
    CHECK(error.trouble() == Trouble::usage);
    return error.what();
  }
  return "";
}

std::string time_error(std::string_view text) {
  try {
    parse_service_time(text, "--time");
  } catch (const Error& error) {
    CHECK(error.trouble() == Trouble::usage);
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("service times as they are written") {
  const ServiceTime constant = parse_service_time("5ms", "");
  CHECK(constant.shape == Shape::constant);
  CHECK(constant.median == microseconds{5000});

  const ServiceTime log_normal = parse_service_time("lognormal(20ms, 0.4)", "");
  CHECK(log_normal.shape == Shape::log_normal);
  CHECK(log_normal.median == microseconds{20'000});
  CHECK(log_normal.sigma == 0.4);

  const ServiceTime two_point = parse_service_time("twopoint(2ms,20ms,10%)", "");
  CHECK(two_point.shape == Shape::two_point);
  CHECK(two_point.median == microseconds{2000});
  CHECK(two_point.second == microseconds{20'000});
  CHECK(two_point.second_share == doctest::Approx(0.1));
}

TEST_CASE("service times that are refused") {
  CHECK(time_error("gauss(1ms)") ==
        "--time: error[E-401]: service time: unknown shape 'gauss'; "
        "expected 5ms, lognormal(20ms,0.4) or twopoint(2ms,20ms,10%)");
  CHECK(time_error("lognormal(20ms,0.4") ==
        "--time: error[E-401]: service time: 'lognormal(20ms,0.4' has no closing parenthesis; "
        "expected 5ms, lognormal(20ms,0.4) or twopoint(2ms,20ms,10%)");
  CHECK(time_error("lognormal(20ms)") ==
        "--time: error[E-401]: service time: lognormal takes 2 values, not 1; "
        "expected lognormal(MEDIAN,SIGMA) such as lognormal(20ms,0.4)");
  CHECK(time_error("lognormal(20ms,wide)") ==
        "--time: error[E-401]: service time: sigma 'wide' is not a number from 0 to 5; "
        "expected the standard deviation of the logarithm, such as 0.4");
  CHECK(time_error("lognormal(20ms,5)").empty());
  CHECK_FALSE(time_error("lognormal(20ms,5.1)").empty());
  CHECK_FALSE(time_error("lognormal(20ms,nan)").empty());
  CHECK(time_error("twopoint(2ms,20ms)") ==
        "--time: error[E-401]: service time: twopoint takes 3 values, not 2; "
        "expected twopoint(USUAL,RARE,SHARE) such as twopoint(2ms,20ms,10%)");
  for (const char* share : {"0.1", "101%", "-1%", "+1%", ""}) {
    CHECK(time_error(std::string("twopoint(2ms,20ms,") + share + ")") ==
          std::string("--time: error[E-401]: service time: share '") + share +
              "' is not a percentage from 0% to 100%; expected the share of the second value, such as 10%");
  }
  // What is wrong with a duration is said by the reader of durations.
  for (const char* text : {"", "5", "ms", "-5ms", "lognormal(,0.4)", "twopoint(1,2ms,10%)"}) {
    CAPTURE(text);
    CHECK(time_error(text).starts_with("--time: error[E-401]: service time: "));
  }
}

TEST_CASE("an endpoint as it is written") {
  const DemoEndpoint full =
      parse_demo_endpoint("path=/x  time=lognormal(20ms, 0.4) work=cpu errors=1% status=201 bytes=1024", "--endpoint");
  CHECK(full.path == "/x");
  CHECK(full.time.shape == Shape::log_normal);
  CHECK(full.work == Work::cpu);
  CHECK(full.error_rate == doctest::Approx(0.01));
  CHECK(full.status == 201);
  CHECK(full.body_bytes == 1024);

  const DemoEndpoint least = parse_demo_endpoint("path=/", "--endpoint");
  CHECK(least.path == "/");
  CHECK(least.time.median == microseconds{0});
  CHECK(least.work == Work::wait);
  CHECK(least.status == 200);
}

TEST_CASE("endpoints that are refused") {
  const std::string example =
      "; expected path=/x time=lognormal(20ms,0.4) work=wait|cpu errors=1% status=200 bytes=1024 kind=http|websocket";
  CHECK(endpoint_error("") == "--endpoint: error[E-402]: endpoint: no path" + example);
  CHECK(endpoint_error("time=5ms") == "--endpoint: error[E-402]: endpoint: no path" + example);
  CHECK(endpoint_error("path=/x fast") == "--endpoint: error[E-402]: endpoint: 'fast' is not key=value" + example);
  CHECK(endpoint_error("path=/x tme=5ms") ==
        "--endpoint: error[E-402]: endpoint: unknown setting 'tme'; did you mean 'time'?");
  CHECK(endpoint_error("path=/x color=red") ==
        "--endpoint: error[E-402]: endpoint: unknown setting 'color'; expected path, time, work, errors, status, "
        "bytes, kind");
  CHECK(endpoint_error("path=/x path=/y") == "--endpoint: error[E-402]: endpoint: 'path' is given twice; give it once");
  for (const std::string path : {"x", "", "/x?y", "/x#y"}) {
    CHECK(endpoint_error("path=" + path) == "--endpoint: error[E-402]: endpoint: path '" + path +
                                                "' is not a path; expected a path that begins with '/', "
                                                "without query, such as /chat");
  }
  CHECK(endpoint_error("path=/_stats") ==
        "--endpoint: error[E-402]: endpoint: path '/_stats' is the service's own; choose another path");
  CHECK(endpoint_error("path=/x work=hard") ==
        "--endpoint: error[E-402]: endpoint: unknown work 'hard'; expected wait or cpu");
  CHECK(endpoint_error("path=/x errors=2") ==
        "--endpoint: error[E-402]: endpoint: errors '2' is not a percentage from 0% to 100%; expected a share such as "
        "1%");
}

TEST_CASE("limits of an endpoint's numbers, at the limit and one past it") {
  CHECK(endpoint_error("path=/x errors=100%").empty());
  CHECK_FALSE(endpoint_error("path=/x errors=100.1%").empty());
  CHECK(endpoint_error("path=/x status=200").empty());
  CHECK(endpoint_error("path=/x status=599").empty());
  for (const std::string status : {"199", "600", "2oo", ""}) {
    CHECK(endpoint_error("path=/x status=" + status) == "--endpoint: error[E-402]: endpoint: status '" + status +
                                                            "' is not a final HTTP status; expected 200 to 599");
  }
  CHECK(endpoint_error("path=/x bytes=67108864").empty());
  for (const std::string bytes : {"67108865", "-1", "1k"}) {
    CHECK(endpoint_error("path=/x bytes=" + bytes) == "--endpoint: error[E-402]: endpoint: bytes '" + bytes +
                                                          "' is not a body size; expected a number from 0 to 67108864");
  }
}

#include "probe/spin.hpp"

#include <doctest/doctest.h>

using namespace burstgate::probe;
using std::chrono::microseconds;
using std::chrono::nanoseconds;

namespace {

SpinAccount::Instant at(long us) {
  return SpinAccount::Instant(microseconds(us));
}

constexpr nanoseconds no_wait{0};

}  // namespace

TEST_CASE("nothing is lost while the clock is read without a gap") {
  SpinAccount account(at(0));
  CHECK(account.lost_share(no_wait) == 0);  // no time has passed at all
  for (long us = 1; us <= 1000; ++us) account.reading(at(us));
  CHECK(account.lost_share(no_wait) == 0);
}

TEST_CASE("a gap is lost when it is longer than an interrupt") {
  SpinAccount account(at(0));
  account.reading(at(50));
  CHECK(account.lost_share(no_wait) == 0);
  account.reading(at(101));
  CHECK(account.lost_share(no_wait) == doctest::Approx(51.0 / 101));
}

TEST_CASE("the share is that of all the time so far, over all gaps") {
  SpinAccount account(at(0));
  account.reading(at(100));
  account.reading(at(110));
  account.reading(at(310));
  for (long us = 311; us <= 1000; ++us) account.reading(at(us));
  CHECK(account.lost_share(no_wait) == doctest::Approx(0.3));
}

TEST_CASE("time in which other threads had the CPU was not taken by the host") {
  SpinAccount account(at(0));
  account.reading(at(400));
  for (long us = 401; us <= 1000; ++us) account.reading(at(us));
  CHECK(account.lost_share(microseconds(100)) == doctest::Approx(0.3));
  CHECK(account.lost_share(microseconds(400)) == 0);
  CHECK(account.lost_share(microseconds(900)) == 0);
}

TEST_CASE("the probe itself takes its time, and its answer is a share") {
  const auto start = std::chrono::steady_clock::now();
  const double lost = lost_cpu(microseconds(2000));
  CHECK(std::chrono::steady_clock::now() - start >= microseconds(2000));
  CHECK(lost >= 0);
  CHECK(lost <= 1);
}

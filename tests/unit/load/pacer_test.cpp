#include "load/pacer.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <vector>

#include "load/window.hpp"

using namespace burstgate::load;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using std::chrono::seconds;

TEST_CASE("arrival k of a rate r is due k / r after the start, without drift") {
  const Instant start(seconds(100));
  const Pacer pacer(start, 3.0, 0, 1);
  CHECK(pacer.due(0) == start);
  CHECK(pacer.due(1) - start == nanoseconds(333'333'333));
  CHECK(pacer.due(3) - start == seconds(1));
  CHECK(pacer.due(3'000'000) - start == seconds(1'000'000));
}

TEST_CASE("case 121: threads share one schedule, whatever their number") {
  const Instant start(seconds(5));
  const Pacer alone(start, 1000, 0, 1);
  for (const int threads : {2, 3, 7}) {
    std::vector<Instant> merged;
    for (int thread = 0; thread < threads; ++thread) {
      const Pacer pacer(start, 1000, thread, threads);
      for (std::uint64_t k = 0; k < 100; ++k) merged.push_back(pacer.due(k));
    }
    std::sort(merged.begin(), merged.end());
    for (std::uint64_t k = 0; k < merged.size(); ++k) CHECK(merged[k] == alone.due(k));
  }
}

TEST_CASE("slices are a sixtieth of the window, in whole 50 ms, from 100 ms to 1 s") {
  CHECK(slice_length_for(milliseconds(200)) == milliseconds(100));
  CHECK(slice_length_for(seconds(6)) == milliseconds(100));
  CHECK(slice_length_for(seconds(7)) == milliseconds(150));
  CHECK(slice_length_for(seconds(10)) == milliseconds(200));
  CHECK(slice_length_for(seconds(30)) == milliseconds(500));
  CHECK(slice_length_for(seconds(60)) == seconds(1));
  CHECK(slice_length_for(seconds(7200)) == seconds(1));
}

TEST_CASE("a window knows its slices") {
  const Window window{Instant(seconds(1)), Instant(seconds(1) + milliseconds(1050)), milliseconds(100)};
  CHECK(window.slice_count() == 11);
  CHECK(window.slice_of(Instant(seconds(1))) == 0);
  CHECK(window.slice_of(Instant(seconds(1) + milliseconds(99))) == 0);
  CHECK(window.slice_of(Instant(seconds(1) + milliseconds(100))) == 1);
  CHECK(window.slice_of(Instant(seconds(9))) == 10);
  CHECK(window.slice_of(Instant(seconds(0))) == 0);
  CHECK(window.contains(Instant(seconds(1))));
  CHECK_FALSE(window.contains(window.end));
}

TEST_CASE("the wake lead learns how late wake-ups come, and does not run away") {
  WakeLead lead;
  CHECK(lead.lead() == Duration(0));
  for (int i = 0; i < 200; ++i) lead.note(std::chrono::microseconds(60));
  CHECK(lead.lead() > std::chrono::microseconds(58));
  CHECK(lead.lead() <= std::chrono::microseconds(60));
  lead.note(seconds(1));  // one stall
  CHECK(lead.lead() < std::chrono::microseconds(67));
  for (int i = 0; i < 500; ++i) lead.note(seconds(1));
  CHECK(lead.lead() <= WakeLead::longest);
  for (int i = 0; i < 500; ++i) lead.note(-seconds(1));
  CHECK(lead.lead() < std::chrono::microseconds(1));
}

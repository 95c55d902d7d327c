#include "cli/progress_text.hpp"

#include <doctest/doctest.h>

#include <cmath>

namespace burstgate::cli {

namespace {

load::Progress half_way() {
  load::Progress progress;
  progress.phase = load::Progress::Phase::measuring;
  progress.elapsed_s = 12.4;
  progress.total_s = 33;
  progress.users = 20;
  progress.failed = 3;
  return progress;
}

}  // namespace

TEST_CASE("sparkline: the tallest bar is the largest of the last values") {
  Sparkline course;
  CHECK(course.text(true).empty());
  for (const double value : {1.0, 2.0, 4.0, 8.0}) course.add(value);
  CHECK(course.text(true) == "▂▃▅█");
  CHECK(course.text(false) == ".-=#");
  course.add(std::nan(""));
  CHECK(course.text(true) == "▂▃▅█ ");
  for (std::size_t i = 0; i < Sparkline::most; ++i) course.add(1);
  CHECK(course.text(false) == std::string(Sparkline::most, '#'));
  Sparkline zero;
  zero.add(0);
  CHECK(zero.text(true) == "▁");
}

TEST_CASE("progress: phase, time, users, rate, p95, failures, course") {
  Sparkline course;
  load::Progress progress = half_way();
  CHECK(progress_text(progress, course, true, 79) == "measuring  12/33 s  20 users  3 failed");
  progress.seconds_seen = 1;
  progress.recent_per_s = 1204.3;
  progress.recent_p95_us = 12'400;
  course.add(12'400);
  CHECK(progress_text(progress, course, true, 79) == "measuring  12/33 s  20 users  1204/s  p95 12.4 ms  3 failed  █");
  progress.asked_per_s = 400;
  CHECK(progress_text(progress, course, false, 79) ==
        "measuring  12/33 s  400/s asked  1204/s  p95 12.4 ms  3 failed  #");
  progress.stage = "peak";
  CHECK(progress_text(progress, course, false, 35) == "measuring  12/33 s  peak");
}

TEST_CASE("progress: never wider than the terminal; what does not fit is left out from the right") {
  Sparkline course;
  for (int i = 0; i < 20; ++i) course.add(i);
  load::Progress progress = half_way();
  progress.seconds_seen = 20;
  progress.recent_per_s = 1204;
  progress.recent_p95_us = 12'400;
  CHECK(progress_text(progress, course, false, 59) == "measuring  12/33 s  20 users  1204/s  p95 12.4 ms  3 failed");
  CHECK(progress_text(progress, course, false, 58) == "measuring  12/33 s  20 users  1204/s  p95 12.4 ms");
  CHECK(progress_text(progress, course, false, 20) == "measuring  12/33 s");
}

TEST_CASE("progress of a paired comparison") {
  Sparkline course;
  PairedProgress progress;
  progress.paired_s = 12.2;
  progress.budget_s = 60;
  progress.rounds = 38;
  progress.next_look_s = 18;
  CHECK(progress_text(progress, course, true, 79) == "12/60 s of load  38 rounds  0 failed  next look at 18 s");
  progress.baseline_p95_us = 17'400;
  progress.candidate_p95_us = 23'800;
  progress.failed = 2;
  course.add(1.37);
  CHECK(progress_text(progress, course, true, 100) ==
        "12/60 s of load  38 rounds  p95 17.4 ms -> 23.8 ms  2 failed  next look at 18 s  █");
}

}  // namespace burstgate::cli

// Runs in a row with an outcome, and what neither counts nor ends the row.
#include "baseline/streak.hpp"

#include <doctest/doctest.h>

using namespace burstgate;
using baseline::streak;

namespace {

// p, w, f, i: outcomes; -: not judged; x: interrupted (inconclusive and incomplete); d: the service died.
std::vector<measure::RunSummary> runs(const std::string& letters) {
  std::vector<measure::RunSummary> all;
  for (const char letter : letters) {
    measure::RunSummary run;
    run.complete = letter != 'x' && letter != 'd';
    run.outcome = letter == 'p'                    ? "pass"
                  : letter == 'w'                  ? "warn"
                  : letter == 'f' || letter == 'd' ? "fail"
                  : letter == '-'                  ? ""
                                                   : "inconclusive";
    all.push_back(run);
  }
  return all;
}

}  // namespace

TEST_CASE("the newest runs in a row are counted") {
  CHECK(streak(runs(""), {"fail"}) == 0);
  CHECK(streak(runs("fff"), {"fail"}) == 3);
  CHECK(streak(runs("fpff"), {"fail"}) == 2);
  CHECK(streak(runs("ffp"), {"fail"}) == 0);
  CHECK(streak(runs("pwfw"), {"fail"}) == 0);
  CHECK(streak(runs("pwfw"), {"warn", "fail"}) == 3);
  CHECK(streak(runs("fif"), {"fail"}) == 1);
  CHECK(streak(runs("fif"), {"inconclusive", "fail"}) == 3);
}

TEST_CASE("runs that were not judged or interrupted neither count nor end the row; a service that died failed") {
  CHECK(streak(runs("f-f"), {"fail"}) == 2);
  CHECK(streak(runs("fxf"), {"fail"}) == 2);
  CHECK(streak(runs("fxf"), {"inconclusive", "fail"}) == 2);
  CHECK(streak(runs("fdf"), {"fail"}) == 3);
}

#include "verdict/looks.hpp"

#include <doctest/doctest.h>

#include "stats/spending.hpp"

using namespace burstgate::verdict;

namespace {

std::vector<double> looks_of(double budget_s) {
  return Looks(budget_s).times_s();
}

}  // namespace

TEST_CASE("looks come at the usual times, the last at the budget") {
  CHECK(looks_of(8) == std::vector<double>{8});
  CHECK(looks_of(10) == std::vector<double>{8, 10});
  CHECK(looks_of(30) == std::vector<double>{8, 12, 18, 30});
  CHECK(looks_of(60) == std::vector<double>{8, 12, 18, 30, 45, 60});
  CHECK(looks_of(600) == std::vector<double>{8, 12, 18, 30, 45, 60, 90, 120, 180, 270, 400, 600});
}

TEST_CASE("a usual time just before the budget is no look of its own") {
  CHECK(looks_of(13) == std::vector<double>{8, 13});      // 12 is later than nine tenths of it
  CHECK(looks_of(20) == std::vector<double>{8, 12, 20});  // 18 is exactly nine tenths
  CHECK(looks_of(21) == std::vector<double>{8, 12, 18, 21});
  CHECK(Looks(20).count() == 3);
}

TEST_CASE("the levels for a budget of 60 s are those of the design") {
  const Looks looks(60);
  const double expected[] = {0.00133, 0.00100, 0.00141, 0.00258, 0.00365, 0.00444};
  for (std::size_t i = 0; i < looks.count(); ++i) {
    CHECK(looks.level(i, 0.01) == doctest::Approx(expected[i]).scale(0).epsilon(0.005));
  }
}

TEST_CASE("a divided level is spent anew, not divided look by look") {
  const Looks looks(60);
  CHECK(looks.level(3, 0.01, 5) == looks.level(3, 0.002));
  CHECK(looks.level(3, 0.01, 5) < looks.level(3, 0.01) / 5);
  CHECK(looks.level(0, 0.01, 5) ==
        doctest::Approx(looks.level(0, 0.01) / 5).scale(0).epsilon(1e-6));  // nothing spent before
}

TEST_CASE("with a single look all is spent there") {
  CHECK(Looks(8).level(0, 0.01) == doctest::Approx(0.01).scale(0).epsilon(1e-6));
}

TEST_CASE("asking twice, and for another level between, gives the same") {
  const Looks looks(30);
  const double once = looks.level(1, 0.01);
  CHECK(looks.level(1, 0.1) > once);
  CHECK(looks.level(1, 0.01) == once);
}

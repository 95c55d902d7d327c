// Values as printed in the usual tables (e.g. NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.1
// and 1.3.6.7.2).
#include "stats/distributions.hpp"

#include <doctest/doctest.h>

using namespace burstgate::stats;

TEST_CASE("normal quantiles and their inverse") {
  CHECK(normal_quantile(0.95) == doctest::Approx(1.644854).epsilon(1e-6));
  CHECK(normal_quantile(0.975) == doctest::Approx(1.959964).epsilon(1e-6));
  CHECK(normal_quantile(0.99) == doctest::Approx(2.326348).epsilon(1e-6));
  CHECK(normal_cdf(0) == 0.5);
  CHECK(normal_cdf(normal_quantile(0.123)) == doctest::Approx(0.123));
}

TEST_CASE("Student t quantiles and their inverse") {
  CHECK(student_t_quantile(0.975, 1) == doctest::Approx(12.706).epsilon(1e-4));
  CHECK(student_t_quantile(0.99, 4) == doctest::Approx(3.747).epsilon(1e-4));
  CHECK(student_t_quantile(0.95, 10) == doctest::Approx(1.812).epsilon(5e-4));
  CHECK(student_t_quantile(0.99, 30) == doctest::Approx(2.457).epsilon(5e-4));
  CHECK(student_t_cdf(student_t_quantile(0.2, 7), 7) == doctest::Approx(0.2));
}

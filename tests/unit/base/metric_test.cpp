#include "base/metric.hpp"

#include <doctest/doctest.h>

#include <set>

namespace burstgate {
namespace {

TEST_CASE("every metric is found by its name, and no name twice") {
  std::set<std::string_view> names;
  for (const Metric metric : all_metrics) {
    CHECK(metric_named(name(metric)) == metric);
    names.insert(name(metric));
  }
  CHECK(names.size() == std::size(all_metrics));
  CHECK(metric_names().size() == std::size(all_metrics));
  CHECK(name(Metric::latency_p999) == "latency_p99.9");
}

TEST_CASE("aliases of other tools") {
  CHECK(metric_named("p95") == Metric::latency_p95);
  CHECK(metric_named("p(95)") == Metric::latency_p95);
  CHECK(metric_named("p99.9") == Metric::latency_p999);
  CHECK(metric_named("latency_p999") == Metric::latency_p999);
  CHECK(metric_named("latency_med") == Metric::latency_p50);
  CHECK(metric_named("latency_avg") == Metric::latency_mean);
  CHECK(metric_named("rps") == Metric::throughput);
  CHECK(metric_named("errors") == Metric::error_rate);
  CHECK_FALSE(metric_named("").has_value());
  CHECK_FALSE(metric_named("P95").has_value());
  CHECK_FALSE(metric_named("latency_p96").has_value());
}

TEST_CASE("quantiles and kinds") {
  CHECK(quantile(Metric::latency_p50) == 0.5);
  CHECK(quantile(Metric::latency_p999) == 0.999);
  CHECK(quantile(Metric::latency_max) == 1.0);
  CHECK_FALSE(quantile(Metric::latency_mean).has_value());
  CHECK_FALSE(quantile(Metric::throughput).has_value());
  CHECK(kind(Metric::latency_mean) == MetricKind::latency);
  CHECK(kind(Metric::throughput) == MetricKind::rate);
  CHECK(kind(Metric::error_rate) == MetricKind::share);
}

TEST_CASE("values for people, at the borders between units") {
  const auto latency = [](double us) { return to_text(Metric::latency_p95, us); };
  CHECK(latency(0) == "0 us");
  CHECK(latency(999.4) == "999 us");
  CHECK(latency(999.5) == "1.00 ms");
  CHECK(latency(9994) == "9.99 ms");
  CHECK(latency(9995) == "10.0 ms");
  CHECK(latency(12'440) == "12.4 ms");
  CHECK(latency(99'949) == "99.9 ms");
  CHECK(latency(99'950) == "100 ms");
  CHECK(latency(999'499) == "999 ms");
  CHECK(latency(999'500) == "1.00 s");
  CHECK(latency(61'000'000) == "61.0 s");
  CHECK(to_text(Metric::throughput, 1520.4) == "1520/s");
  CHECK(to_text(Metric::throughput, 8.5) == "8.50/s");
  CHECK(to_text(Metric::error_rate, 0.0042) == "0.42 %");
}

}  // namespace
}  // namespace burstgate

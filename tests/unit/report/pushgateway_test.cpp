// Where a Pushgateway keeps the figures, and in which text it takes them.
#include "report/pushgateway.hpp"

#include <doctest/doctest.h>

#include "report/report.hpp"
#include "unit/report/fixtures.hpp"

using namespace burstgate;
using report::pushgateway_path;

TEST_CASE("plain words stand in the path as they are, everything else in base64") {
  CHECK(pushgateway_path("burstgate", {}) == "/metrics/job/burstgate");
  CHECK(pushgateway_path("burstgate", {{"operation", "api-1.2_x~"}, {"profile", "pr"}}) ==
        "/metrics/job/burstgate/operation/api-1.2_x~/profile/pr");
  CHECK(pushgateway_path("a/b", {{"branch", "feature/x"}}) == "/metrics/job@base64/YS9i/branch@base64/ZmVhdHVyZS94");
  CHECK(pushgateway_path("j", {{"a", ""}, {"b", ".."}, {"c", "\xff\xfe?"}}) ==
        "/metrics/job/j/a@base64/=/b@base64/Li4=/c@base64/__4_");
  CHECK(pushgateway_path("j", {{"a", "x y%2F\r\nHost: z"}}).find_first_of(" %\r\n") == std::string::npos);
}

TEST_CASE("what is pushed is the OpenMetrics text without its last line") {
  for (const test::ReportCase& one : test::report_cases()) {
    const report::Report report = one.make();
    CHECK(render_prometheus(report) + "# EOF\n" == render_openmetrics(report));
  }
}

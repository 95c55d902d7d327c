// A summary in the shape of k6's --summary-export, for GitLab's load-performance widget. The widget calls every
// difference a degradation, so numbers have three significant digits. There is no time to the first byte here: what the
// widget shows under "waiting" is the whole time of the request.
#include <cmath>
#include <optional>

#include "base/json_text.hpp"
#include "report/figures.hpp"
#include "report/report.hpp"
#include "report/rounded.hpp"

namespace burstgate::report {

using Json = nlohmann::ordered_json;
using verdict::Outcome;

namespace {

Json latencies(const std::map<Metric, double>& figures, const measure::Histogram& judged) {
  constexpr std::pair<const char*, Metric> keys[] = {{"avg", Metric::latency_mean},
                                                     {"med", Metric::latency_p50},
                                                     {"max", Metric::latency_max},
                                                     {"p(90)", Metric::latency_p90},
                                                     {"p(95)", Metric::latency_p95}};
  Json json = Json::object();
  for (const auto& [key, metric] : keys) {
    const auto found = figures.find(metric);
    if (found != figures.end()) json[key] = rounded(found->second / 1e3);
  }
  if (const auto shortest = judged.min_us()) json["min"] = rounded(static_cast<double>(*shortest) / 1e3);
  return json;
}

// A rate as k6 counts it: `passes` are the requests for which "failed" is true.
Json share(std::uint64_t yes, std::uint64_t no) {
  const double all = static_cast<double>(yes + no);
  return Json{{"value", all > 0 ? rounded(static_cast<double>(yes) / all) : 0}, {"passes", yes}, {"fails", no}};
}

// What could not be judged has not passed.
Json checks(const verdict::Verdict& verdict) {
  std::uint64_t passed = 0;
  for (const auto& check : verdict.checks) passed += check.outcome == Outcome::pass || check.outcome == Outcome::warn;
  return share(passed, verdict.checks.size() - passed);
}

}  // namespace

std::string render_k6_summary(const Report& report) {
  const measure::EndpointResult& total = report.candidate.total;
  const auto values = figures(total, report.candidate.duration_s);
  Json metrics = Json::object();
  Json& requests = metrics["http_reqs"] = Json::object();
  if (!total.point) requests["count"] = total.counts.started;
  if (const auto rate = values.find(Metric::throughput); rate != values.end()) requests["rate"] = rounded(rate->second);
  if (const Json times = latencies(values, total.latencies.judged()); !times.empty()) {
    metrics["http_req_waiting"] = metrics["http_req_duration"] = times;
  }
  if (!total.point) {
    const std::uint64_t failed = total.counts.failed() + total.counts.unfinished;
    metrics["http_req_failed"] = share(failed, total.counts.started - failed);
  }
  if (report.verdict) metrics["checks"] = checks(*report.verdict);
  return dump_json(Json{{"metrics", metrics}}, 2) + "\n";
}

}  // namespace burstgate::report

// OpenMetrics text: base units, one family after the other, "# EOF" at the end. It is read by three kinds of readers,
// and only what all of them understand is written:
//
// - strict OpenMetrics and the older Prometheus text format disagree about counters, so there are none: a file is a
//   snapshot of one run, and its numbers of requests are gauges;
// - GitLab cuts a line at the first "#" and splits it at blanks, so neither stands in a label; it compares values as
//   texts, so they are rounded.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "base/text.hpp"
#include "report/escape.hpp"
#include "report/figures.hpp"
#include "report/report.hpp"
#include "report/rounded.hpp"
#include "report/rows.hpp"

namespace burstgate::report {

using verdict::Check;
using verdict::CheckKind;
using verdict::Outcome;

namespace {

constexpr std::size_t longest_label = 120;
constexpr const char* total_label = "total";  // the endpoint label of the whole run

// Letters, digits, characters outside ASCII, and of the others only those that need no quotes anywhere.
std::string label_text(std::string_view name) {
  std::string text = elided(visible(name), longest_label);
  std::replace_if(
      text.begin(), text.end(),
      [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || byte >= 0x80;
        return !plain && std::string_view("_-./:?&%+").find(c) == std::string_view::npos;
      },
      '_');
  return text.empty() ? "_" : text;
}

// One metric family: its samples stand together, each set of labels once.
class Family {
 public:
  Family(std::string name, std::string_view type, std::string_view help) : name_(std::move(name)) {
    head_ = fmt::format("# TYPE {} {}\n# HELP {} {}\n", name_, type, name_, help);
  }
  void add(std::string_view suffix, const std::string& labels, const std::string& value) {
    const std::string key = fmt::format("{}{}{{{}}}", name_, suffix, labels);
    if (seen_.insert(key).second) samples_ += key + " " + value + "\n";
  }
  void add(const std::string& labels, double value) {
    if (std::isfinite(value)) add("", labels, rounded_text(value));
  }
  std::string text() const { return samples_.empty() ? "" : head_ + samples_; }

 private:
  std::string name_;
  std::string head_;
  std::string samples_;
  std::set<std::string> seen_;
};

struct Row {
  std::string label;  // endpoint="chat"
  const measure::EndpointResult* endpoint;
  std::map<Metric, double> figures;
};

constexpr Metric written_quantiles[] = {Metric::latency_p50, Metric::latency_p90, Metric::latency_p95,
                                        Metric::latency_p99, Metric::latency_p999};

void add_durations(Family& durations, Family& longest, const Row& row) {
  const auto value = [&](Metric metric) {
    const auto found = row.figures.find(metric);
    return found == row.figures.end() ? std::nullopt : std::optional<double>(found->second / 1e6);
  };
  for (const Metric metric : written_quantiles) {
    if (const auto seconds = value(metric)) {
      durations.add(fmt::format("{},quantile=\"{}\"", row.label, *quantile(metric)), *seconds);
    }
  }
  const std::uint64_t count = measure::samples_of(*row.endpoint, Metric::latency_mean);
  const auto mean = value(Metric::latency_mean);
  if (mean && count > 0) {
    durations.add("_sum", row.label, rounded_text(*mean * static_cast<double>(count)));
    durations.add("_count", row.label, std::to_string(count));
  }
  if (const auto seconds = value(Metric::latency_max)) longest.add(row.label, *seconds);
}

std::string request_families(const std::vector<Row>& rows) {
  Family durations("burstgate_http_request_duration_seconds", "summary", "Time from request to the end of its answer.");
  Family longest("burstgate_http_request_duration_max_seconds", "gauge", "Longest time until an answer had ended.");
  Family requests("burstgate_http_requests", "gauge", "Requests of the run, by how they ended.");
  Family rate("burstgate_http_requests_per_second", "gauge", "Successful requests per second.");
  Family failed("burstgate_http_failed_ratio", "gauge", "Failed and unfinished requests as a share of all.");
  for (const Row& row : rows) {
    add_durations(durations, longest, row);
    if (!row.endpoint->point) {
      const measure::Counts& counts = row.endpoint->counts;
      const std::pair<const char*, std::uint64_t> ends[] = {
          {"ok", counts.ok}, {"failed", counts.failed()}, {"unfinished", counts.unfinished}};
      for (const auto& [end, count] : ends) {
        requests.add("", fmt::format("{},result=\"{}\"", row.label, end), std::to_string(count));
      }
    }
    const auto add_if_known = [&](Family& family, Metric metric) {
      const auto found = row.figures.find(metric);
      if (found != row.figures.end()) family.add(row.label, found->second);
    };
    add_if_known(rate, Metric::throughput);
    add_if_known(failed, Metric::error_rate);
  }
  return durations.text() + longest.text() + requests.text() + rate.text() + failed.text();
}

std::string verdict_families(const verdict::Verdict& verdict, const std::map<std::string, std::string>& labels) {
  Family worse("burstgate_check_worse_ratio", "gauge", "Change against the baseline, above 0 is worse.");
  Family failed("burstgate_check_failed", "gauge", "1 where a limit is broken.");
  Family undecided("burstgate_check_inconclusive", "gauge", "1 where a check could not be decided.");
  for (const Check& check : verdict.checks) {
    const std::string endpoint = check.endpoint.empty() ? total_label : labels.at(check.endpoint);
    const std::string where = fmt::format("endpoint=\"{}\",metric=\"{}\"", endpoint, name(check.metric));
    const std::string_view kind = check.kind == CheckKind::limit ? "limit"
                                  : check.against_anchor         ? "anchor"
                                                                 : "regression";
    const std::string which = fmt::format("{},kind=\"{}\"", where, kind);
    if (check.change) worse.add(check.against_anchor ? which : where, *check.change);
    failed.add("", which, check.outcome == Outcome::fail ? "1" : "0");
    undecided.add("", which, check.outcome == Outcome::inconclusive ? "1" : "0");
  }
  Family outcome("burstgate_verdict", "gauge", "1 for the outcome of the run, 0 for the others.");
  for (const Outcome one : {Outcome::pass, Outcome::warn, Outcome::fail, Outcome::inconclusive}) {
    outcome.add("", fmt::format("outcome=\"{}\"", name(one)), verdict.outcome == one ? "1" : "0");
  }
  return worse.text() + failed.text() + undecided.text() + outcome.text();
}

}  // namespace

std::string render_prometheus(const Report& report) {
  const auto labels = unique_labels(endpoint_names(report), label_text, {total_label});
  std::vector<Row> rows;
  const auto add = [&](const std::string& label, const measure::EndpointResult& endpoint) {
    rows.push_back({"endpoint=\"" + label + "\"", &endpoint, figures(endpoint, report.candidate.duration_s)});
  };
  add(total_label, report.candidate.total);
  for (const auto& endpoint : report.candidate.endpoints) add(labels.at(endpoint.name), endpoint);
  std::string text = request_families(rows);
  if (report.verdict) text += verdict_families(*report.verdict, labels);
  return text;
}

std::string render_openmetrics(const Report& report) {
  return render_prometheus(report) + "# EOF\n";
}

}  // namespace burstgate::report

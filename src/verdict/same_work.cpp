#include "verdict/same_work.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "base/text.hpp"
#include "stats/proportions.hpp"
#include "verdict/scale.hpp"

namespace burstgate::verdict {

namespace {

using measure::Counts;
using measure::Measurement;

constexpr int first_error_status = 400;
constexpr double z_99_percent = 2.326;

std::string prefix(const std::string& endpoint) {
  return endpoint.empty() ? "" : endpoint + ": ";
}

std::optional<Reason> other_size(const std::string& endpoint, const Counts& was, const Counts& now) {
  if (was.ok == 0 || now.ok == 0) return std::nullopt;
  const double size_was = static_cast<double>(was.body_bytes) / static_cast<double>(was.ok);
  const double size_now = static_cast<double>(now.body_bytes) / static_cast<double>(now.ok);
  const double larger = std::max(size_was, size_now);
  const double smaller = std::min(size_was, size_now);
  if (larger <= max_body_size_factor * smaller || larger - smaller <= min_body_size_change) return std::nullopt;
  return Reason{Cause::not_the_same_work,
                fmt::format("{}mean body {:.0f} bytes -> {:.0f} bytes", prefix(endpoint), size_was, size_now)};
}

double answers_below_400(const Counts& counts) {
  double sum = 0;
  for (const auto& [status, count] : counts.statuses) {
    if (status < first_error_status) sum += static_cast<double>(count);
  }
  return sum;
}

std::optional<Reason> other_statuses(const std::string& endpoint, const Counts& was, const Counts& now) {
  const double all_was = answers_below_400(was);
  const double all_now = answers_below_400(now);
  if (all_was <= 0 || all_now <= 0) return std::nullopt;
  std::map<int, std::uint64_t> statuses = was.statuses;
  statuses.insert(now.statuses.begin(), now.statuses.end());
  const auto share = [](const Counts& counts, int status, double all) {
    const auto found = counts.statuses.find(status);
    return stats::Proportion{found == counts.statuses.end() ? 0 : static_cast<double>(found->second), all};
  };
  for (const auto& [status, ignored] : statuses) {
    if (status >= first_error_status) break;  // errors are the error rate's business
    const auto share_was = share(was, status, all_was);
    const auto share_now = share(now, status, all_now);
    const auto bounds = stats::newcombe_difference(share_now, share_was, z_99_percent);
    const bool certain = bounds.low > 0 || bounds.high < 0;
    if (!certain || std::fabs(share_now.share() - share_was.share()) <= max_status_share_change) continue;
    return Reason{Cause::not_the_same_work,
                  fmt::format("{}status {} in {} -> {} of the answers below 400", prefix(endpoint), status,
                              percent(share_was.share()), percent(share_now.share()))};
  }
  return std::nullopt;
}

std::set<std::string> endpoint_names(const Measurement& run) {
  std::set<std::string> names;
  for (const auto& endpoint : run.endpoints) names.insert(endpoint.name);
  return names;
}

std::vector<std::string> only_in(const std::set<std::string>& some, const std::set<std::string>& others) {
  std::vector<std::string> names;
  std::set_difference(some.begin(), some.end(), others.begin(), others.end(), std::back_inserter(names));
  return names;
}

}  // namespace

std::optional<Reason> other_endpoints(const Measurement& run, const Measurement& candidate) {
  const auto gone = only_in(endpoint_names(run), endpoint_names(candidate));
  const auto added = only_in(endpoint_names(candidate), endpoint_names(run));
  std::vector<std::string> parts;
  if (!gone.empty()) parts.push_back("only in the baseline: " + join(gone, ", "));
  if (!added.empty()) parts.push_back("only in this run: " + join(added, ", "));
  if (parts.empty()) return std::nullopt;
  return Reason{Cause::endpoint_missing, join(parts, "; ")};
}

std::vector<Reason> other_work(const std::vector<const Measurement*>& runs, const Measurement& candidate) {
  std::vector<Reason> reasons;
  const auto compare = [&](const measure::EndpointResult& endpoint) {
    Counts was;
    for (const Measurement* run : runs) {
      if (const auto* recorded = measure::find_endpoint(*run, endpoint.name)) was.add(recorded->counts);
    }
    if (auto reason = other_size(endpoint.name, was, endpoint.counts)) reasons.push_back(std::move(*reason));
    if (auto reason = other_statuses(endpoint.name, was, endpoint.counts)) reasons.push_back(std::move(*reason));
  };
  for (const auto& endpoint : candidate.endpoints) compare(endpoint);
  if (reasons.empty()) compare(candidate.total);  // another mix of the same endpoints
  return reasons;
}

}  // namespace burstgate::verdict

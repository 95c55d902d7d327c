// What is said about checks, causes and numbers, in the same words in every format. Plain text, not escaped: outside
// text in it stands as it came, and each format escapes the whole for itself.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "report/report.hpp"

namespace burstgate::report {

std::string count_text(std::uint64_t count);  // "6,000"
std::string seconds_text(double seconds);     // "30.0 s"
std::string metric_text(Metric metric);       // "latency p95", "throughput", "error rate", "stalled slices"

// A worse-by change as people read the metric: latency +0.31 is "+31.2 %", throughput +0.15 is "-15.0 %", error rate
// +0.005 is "+0.50 pp". Values that are not finite are "unbounded".
std::string change_text(Metric metric, double worse_by);
std::string interval_text(Metric metric, const verdict::Interval& worse_by);  // "+24.1 % .. +38.0 %"

// "fail at +20 %", "warn at +15 %, fail at +20 %", "fail above 500 ms", "fail below 1000/s", "no limit".
std::string limit_text(const verdict::Check& check);

// "at least" of what the metric could be when the histogram overflowed, "no samples" when there are none.
std::string value_text(const measure::EndpointResult& endpoint, Metric metric, double duration_s);

// Both sides of a check. The candidate's text has more digits where three would not tell it from a limit.
std::string baseline_text(const verdict::Check& check);
std::string candidate_text(const verdict::Check& check, const measure::EndpointResult* measured);

std::string name_of(const verdict::Check& check,
                    std::string_view endpoint_label);  // "chat: latency p95", "... limit", "... since anchor"
std::string noise_text(const verdict::Check& check);   // "sees changes of +14.0 % and more", or ""

// A cause in words, and what a person can do about it.
struct CauseWords {
  std::string_view what;
  std::string_view remedy;
};
CauseWords words(verdict::Cause cause);
// The remedy where the baseline is a build and not a file.
std::string_view remedy_side_by_side(verdict::Cause cause);
std::string reason_text(verdict::Cause cause, std::string_view figure);  // "the generator was the limit: send lag ..."

std::string_view exit_text(int exit_code, const std::optional<verdict::Verdict>& verdict);

}  // namespace burstgate::report

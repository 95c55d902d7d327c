// CSV for spreadsheets and notebooks (RFC 4180: CRLF, quotes doubled): one rectangular table, one number per row.
//
// Rows "regression" (against the baseline) and "limit" (absolute) come first, in the order of judgement, then a row
// "measured" for every figure of the whole run and of every endpoint. Each row carries the run's heading, so that files
// of many runs can be put below each other.
// Columns are documented in docs/reports.md; they are an interface.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/text.hpp"
#include "report/escape.hpp"
#include "report/facts.hpp"
#include "report/figures.hpp"
#include "report/rows.hpp"

namespace burstgate::report {

using verdict::Check;
using verdict::CheckKind;

namespace {

constexpr std::size_t longest_cell = 1'000;

constexpr std::string_view formula_signs[] = {"=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20"};

constexpr std::string_view columns_line =
    "started_at,operation,profile,commit,verdict,row,endpoint,metric,unit,baseline,now,worse_by,worse_by_low,"
    "worse_by_high,warn_at,fail_at,limit_unit,outcome,cause,samples,written_at\r\n";

std::string quoted(std::string text) {
  if (text.find_first_of(",;\"\r\n\t ") == std::string::npos) return text;
  for (std::size_t at = text.find('"'); at != std::string::npos; at = text.find('"', at + 2)) text.insert(at, 1, '"');
  return '"' + text + '"';
}

// A spreadsheet would calculate what starts like a formula, and some skip blanks or take full-width signs before it.
bool is_formula(std::string_view text) {
  const std::string_view start = without_leading_blanks(text);
  return std::any_of(std::begin(formula_signs), std::end(formula_signs),
                     [&](std::string_view sign) { return start.starts_with(sign); });
}

// Text from outside, without the quotes of the format.
std::string harmless(std::string_view text) {
  std::string safe = defused(elided(visible(text), longest_cell));
  if (is_formula(safe)) safe.insert(0, 1, '\'');
  return safe;
}

std::string cell(std::string_view text) {
  return quoted(harmless(text));
}

std::string number(std::optional<double> value) {
  return value && std::isfinite(*value) ? fmt::format("{:.6g}", *value + 0.0) : "";
}

struct Unit {
  std::string_view name;
  double per_base_unit = 1;
};

Unit unit_of(Metric metric) {
  switch (kind(metric)) {
    case MetricKind::latency:
      return {"ms", 1e-3};
    case MetricKind::rate:
      return {"1/s", 1};
    case MetricKind::share:
      break;
  }
  return {"%", 100};
}

std::optional<double> scaled(std::optional<double> value, double factor) {
  return value ? std::optional<double>(*value * factor) : std::nullopt;
}

std::string_view kind_of(const Check& check) {
  if (check.kind == CheckKind::limit) return "limit";
  return check.against_anchor ? "anchor" : "regression";
}

std::string check_row(const Check& check, const std::string& endpoint_cell) {
  const Unit unit = unit_of(check.metric);
  const bool regression = check.kind == CheckKind::regression;
  const double limit_factor = regression ? 100 : unit.per_base_unit;
  const std::string_view limit_unit = !regression ? unit.name : kind(check.metric) == MetricKind::share ? "pp" : "%";
  const auto end = [&](double verdict::Interval::*side) {
    return check.interval ? number(*check.interval.*side * 100) : "";
  };
  return fmt::format("{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{}", kind_of(check), endpoint_cell,
                     name(check.metric), unit.name, number(scaled(check.baseline, unit.per_base_unit)),
                     number(scaled(check.candidate, unit.per_base_unit)), number(scaled(check.change, 100)),
                     end(&verdict::Interval::low), end(&verdict::Interval::high),
                     number(scaled(check.limit_warn, limit_factor)), number(scaled(check.limit_fail, limit_factor)),
                     limit_unit, name(check.outcome), check.cause == verdict::Cause::none ? "" : name(check.cause),
                     check.samples, cell(check.place.text()));
}

std::string measured_row(std::string_view endpoint_cell, std::string_view metric, std::string_view unit,
                         const std::string& value, std::uint64_t samples) {
  return fmt::format("measured,{},{},{},,{},,,,,,,,,{},", endpoint_cell, metric, unit, value, samples);
}

void add_measured(std::vector<std::string>& rows, const measure::EndpointResult& endpoint,
                  const std::string& endpoint_cell, double duration_s) {
  for (const auto& [metric, value] : figures(endpoint, duration_s)) {
    const Unit unit = unit_of(metric);
    const std::string text = number(value * unit.per_base_unit);
    if (!text.empty()) {
      rows.push_back(measured_row(endpoint_cell, name(metric), unit.name, text, measure::samples_of(endpoint, metric)));
    }
  }
  if (endpoint.point) return;
  const measure::Counts& counts = endpoint.counts;
  const std::pair<std::string_view, std::uint64_t> counted[] = {
      {"requests", counts.started}, {"failed", counts.failed()}, {"unfinished", counts.unfinished}};
  for (const auto& [what, count] : counted) {
    rows.push_back(measured_row(endpoint_cell, what, "count", std::to_string(count), counts.started));
  }
}

std::string heading_of(const Report& report) {
  const measure::Measurement& run = report.candidate;
  return fmt::format("{}Z,{},{},{},{}", utc_text(run.started_at_unix_s), cell(run.operation), cell(run.profile),
                     cell(run.commit), report.verdict ? name(report.verdict->outcome) : "");
}

}  // namespace

std::string render_csv(const Report& report) {
  const double duration_s = report.candidate.duration_s;
  const auto labels = unique_labels(endpoint_names(report), harmless);
  std::vector<std::string> rows;
  if (report.verdict) {
    for (const Check& check : report.verdict->checks) {
      rows.push_back(check_row(check, check.endpoint.empty() ? "" : quoted(labels.at(check.endpoint))));
    }
  }
  add_measured(rows, report.candidate.total, "", duration_s);
  for (const auto& endpoint : report.candidate.endpoints) {
    add_measured(rows, endpoint, quoted(labels.at(endpoint.name)), duration_s);
  }
  const std::string heading = heading_of(report);
  std::string csv(columns_line);
  for (const std::string& row : rows) csv += heading + "," + row + "\r\n";
  return csv;
}

}  // namespace burstgate::report

// A check's interval against its limit, as a small SVG: the same scale as report/picture's, from the limit on the
// better side (-1) to three times the limit on the worse side.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/html_charts.hpp"
#include "report/wording.hpp"

namespace burstgate::report {

namespace {

constexpr double width = 180;
constexpr double height = 22;
constexpr double reach = 3;

struct Tint {
  std::string_view role;   // class of the style sheet
  std::string_view color;  // without one
};

Tint tint_of(verdict::Outcome outcome) {
  switch (outcome) {
    case verdict::Outcome::fail:
      return {"fail", "#cf222e"};
    case verdict::Outcome::warn:
      return {"warn", "#9a6700"};
    case verdict::Outcome::inconclusive:
      return {"doubt", "#8250df"};
    case verdict::Outcome::pass:
      break;
  }
  return {"pass", "#1a7f37"};
}

std::string px(double value) {
  return fmt::format("{:.1f}", value);
}

Markup bar(double from, double to, const Tint& tint) {
  return element("rect", {{"x", px(from)},
                          {"y", "8"},
                          {"width", px(std::max(to - from, 1.0))},
                          {"height", "6"},
                          {"fill", std::string(tint.color)},
                          {"fill-opacity", "0.45"},
                          {"class", "bar " + std::string(tint.role)}});
}

Markup upright(double x, const std::string& dashes, std::string_view role) {
  return element("line", {{"x1", px(x)},
                          {"y1", "1"},
                          {"x2", px(x)},
                          {"y2", px(height - 1)},
                          {"stroke", "currentColor"},
                          {"stroke-dasharray", dashes},
                          {"class", std::string(role)}});
}

std::string said(const verdict::Check& check) {
  const std::string change = change_text(check.metric, *check.change);
  const std::string interval =
      check.interval ? ", interval " + interval_text(check.metric, *check.interval) : std::string{};
  return fmt::format("change {}{}; {}", change, interval, limit_text(check));
}

}  // namespace

Markup interval_strip(const verdict::Check& check) {
  const auto limit = check.limit_fail ? check.limit_fail : check.limit_warn;
  const bool drawable = check.kind == verdict::CheckKind::regression && limit && std::isfinite(*limit) && *limit > 0 &&
                        check.change && !std::isnan(*check.change);
  if (!drawable) return {};
  const auto x = [&](double change) {
    return std::clamp((change / *limit + 1) / (reach + 1), 0.0, 1.0) * (width - 8) + 4;
  };
  const Tint tint = tint_of(check.outcome);
  Markup drawing = element("rect", {{"x", px(x(*limit))},
                                    {"y", "1"},
                                    {"width", px(width - x(*limit))},
                                    {"height", px(height - 2)},
                                    {"fill", "#cf222e"},
                                    {"fill-opacity", "0.13"},
                                    {"class", "beyond"}});
  drawing += upright(x(0), "", "zero") + upright(x(*limit), "3 2", "limit");
  if (check.interval && !std::isnan(check.interval->low) && !std::isnan(check.interval->high))
    drawing += bar(x(check.interval->low), x(check.interval->high), tint);
  drawing += element("circle", {{"cx", px(x(*check.change))},
                                {"cy", "11"},
                                {"r", "3.5"},
                                {"fill", std::string(tint.color)},
                                {"class", "dot " + std::string(tint.role)}});
  return element("svg",
                 {{"xmlns", "http://www.w3.org/2000/svg"},
                  {"viewBox", fmt::format("0 0 {} {}", width, height)},
                  {"width", fmt::format("{}", width)},
                  {"height", fmt::format("{}", height)},
                  {"role", "img"},
                  {"class", "strip"},
                  {"aria-label", said(check)}},
                 drawing);
}

}  // namespace burstgate::report

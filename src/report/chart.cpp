// Geometry: a plot area with room for the labels around it, a scale per axis, and everything placed by these two.
// Labels that would touch their neighbour are left out, never drawn over it.
#include "report/chart.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "report/escape.hpp"

namespace burstgate::report {

namespace {

constexpr double left = 46;  // of the plot; the labels of the y axis stand before it
constexpr double right = chart_width - 8;
constexpr double top = 34;  // above it: legend and y title, and the labels of the bands
constexpr double bottom = chart_height - 36;
constexpr double font_px = 11;
constexpr double glyph_px = 6.4;  // a digit of a usual sans-serif at that size, and some
constexpr double label_gap_px = 8;
constexpr std::size_t most_ticks = 5;
constexpr std::string_view ink = "currentColor";

struct Colors {
  std::string_view name;
  std::string_view color;  // where there is no style sheet: on white
};
constexpr Colors candidate_ink = {"candidate", "#0969da"};
constexpr Colors baseline_ink = {"baseline", "#6e7781"};

Colors colors_of(Stroke stroke) {
  return stroke == Stroke::candidate ? candidate_ink : baseline_ink;
}
std::string dashes_of(Stroke stroke) {
  return stroke == Stroke::baseline ? "4 3" : "";
}

std::string px(double value) {
  std::string text = fmt::format("{:.1f}", value);
  if (text.ends_with(".0")) text.resize(text.size() - 2);
  return text;
}

Markup label(double x, double y, std::string_view anchor, std::string_view content, std::string_view role = "label") {
  return element("text",
                 {{"x", px(x)},
                  {"y", px(y)},
                  {"text-anchor", std::string(anchor)},
                  {"font-size", px(font_px)},
                  {"fill", std::string(ink)},
                  {"class", std::string(role)}},
                 text(content));
}

Markup line(double x1, double y1, double x2, double y2, std::string_view role, std::string_view color,
            const std::string& dashes = {}) {
  return element("line", {{"x1", px(x1)},
                          {"y1", px(y1)},
                          {"x2", px(x2)},
                          {"y2", px(y2)},
                          {"stroke", std::string(color)},
                          {"stroke-dasharray", dashes},
                          {"class", std::string(role)}});
}

struct Range {
  double low = std::numeric_limits<double>::infinity();
  double high = -std::numeric_limits<double>::infinity();
  void take(double value) {
    low = std::min(low, value);
    high = std::max(high, value);
  }
  bool empty() const { return low > high; }
};

// From values to pixels.
class Scale {
 public:
  Scale(Range range, bool is_log, double from_px, double to_px)
      : low_(is_log ? std::log(range.low) : range.low),
        span_((is_log ? std::log(range.high) : range.high) - low_),
        is_log_(is_log),
        from_px_(from_px),
        to_px_(to_px) {}
  double operator()(double value) const {
    const double at = ((is_log_ ? std::log(value) : value) - low_) / span_;
    return from_px_ + std::clamp(at, 0.0, 1.0) * (to_px_ - from_px_);
  }

 private:
  double low_;
  double span_;
  bool is_log_;
  double from_px_;
  double to_px_;
};

class Drawing {
 public:
  Drawing(const ChartSpec& spec, Range x, Range y, bool y_log)
      : spec_(spec), x_range_(x), y_range_(y), y_log_(y_log), x_(x, false, left, right), y_(y, y_log, bottom, top) {}

  Markup bands() const;
  Markup y_axis() const;
  Markup x_axis() const;
  Markup legend() const;
  Markup lines() const;

 private:
  bool is_drawn(const std::pair<double, double>& point) const {
    return std::isfinite(point.second) && (!y_log_ || point.second > 0);
  }
  Markup stroke(const Series& series, const std::string& points, std::size_t count) const;

  const ChartSpec& spec_;
  Range x_range_, y_range_;
  bool y_log_;
  Scale x_, y_;
};

Markup Drawing::bands() const {
  Markup made;
  double free_from = left;
  for (const Band& band : spec_.bands) {
    const double from = x_(band.from);
    const double to = x_(band.to);
    made += element("rect", {{"x", px(from)},
                             {"y", px(top)},
                             {"width", px(std::max(0.0, to - from))},
                             {"height", px(bottom - top)},
                             {"fill", "#8c959f"},
                             {"fill-opacity", "0.16"},
                             {"class", "band"}});
    const double width = text_width(band.label);
    if (band.label.empty() || from < free_from || from + width + 4 > right) continue;
    made += label(from + 3, top - 4, "start", band.label);
    free_from = from + width + label_gap_px;
  }
  return made;
}

Markup Drawing::y_axis() const {
  Markup made;
  const auto ticks = y_log_ ? log_ticks(y_range_.low, y_range_.high, most_ticks)
                            : linear_ticks(y_range_.low, y_range_.high, most_ticks);
  double free_above = bottom + font_px;
  for (const Tick& tick : ticks) {
    const double y = y_(tick.value);
    made += line(left, y, right, y, "grid", "#d0d7de");
    if (y + font_px > free_above) continue;
    made += label(left - 5, y + 4, "end", tick.label);
    free_above = y - 2;
  }
  return made;
}

Markup Drawing::x_axis() const {
  Markup made = line(left, bottom, right, bottom, "axis", ink);
  const auto ticks = spec_.x_ticks.empty() ? linear_ticks(x_range_.low, x_range_.high, most_ticks + 1) : spec_.x_ticks;
  double free_from = 0;
  for (const Tick& tick : ticks) {
    const double x = x_(tick.value);
    made += line(x, bottom, x, bottom + 4, "axis", ink);
    const double half = text_width(tick.label) / 2;
    const double centre = std::min(x, chart_width - half);
    if (centre - half < free_from) continue;
    made += label(centre, bottom + 16, "middle", tick.label);
    free_from = centre + half + label_gap_px;
  }
  return made + label((left + right) / 2, chart_height - 4, "middle", spec_.x_title);
}

Markup Drawing::legend() const {
  Markup made = label(0, font_px + 1, "start", spec_.y_title);
  double x = right;
  for (auto series = spec_.series.rbegin(); series != spec_.series.rend(); ++series) {
    const double width = text_width(series->name);
    if (x - width - 28 < text_width(spec_.y_title) + label_gap_px) break;
    const Colors colors = colors_of(series->stroke);
    made += label(x, font_px + 1, "end", series->name);
    made += line(x - width - 24, 8, x - width - 6, 8, std::string("series ") + std::string(colors.name), colors.color,
                 dashes_of(series->stroke));
    x -= width + 24 + label_gap_px;
  }
  return made;
}

Markup Drawing::stroke(const Series& series, const std::string& points, std::size_t count) const {
  const Colors colors = colors_of(series.stroke);
  if (count == 1) {
    const auto comma = points.find(',');
    return element("circle", {{"cx", points.substr(0, comma)},
                              {"cy", points.substr(comma + 1)},
                              {"r", "2.5"},
                              {"fill", std::string(colors.color)},
                              {"class", "dot " + std::string(colors.name)}});
  }
  return element("polyline", {{"points", points},
                              {"fill", "none"},
                              {"stroke", std::string(colors.color)},
                              {"stroke-width", "1.6"},
                              {"stroke-linejoin", "round"},
                              {"stroke-dasharray", dashes_of(series.stroke)},
                              {"class", "series " + std::string(colors.name)}});
}

Markup Drawing::lines() const {
  Markup made;
  for (const Series& series : spec_.series) {
    std::string points;
    std::size_t count = 0;
    for (const auto& point : series.points) {
      if (is_drawn(point)) {
        points += (count > 0 ? " " : "") + px(x_(point.first)) + "," + px(y_(point.second));
        ++count;
      } else if (count > 0) {
        made += stroke(series, points, count);
        points.clear();
        count = 0;
      }
    }
    if (count > 0) made += stroke(series, points, count);
  }
  return made;
}

// A range with some length, and zero in it where that is asked.
Range widened(Range range, bool from_zero, bool is_log) {
  if (from_zero && !is_log) range.take(0);
  if (range.low < range.high) return range;
  const double value = range.low;
  if (is_log) return {value / 2, value * 2};
  const double margin = value == 0 ? 1 : std::fabs(value) / 2;
  return {from_zero && value >= 0 ? 0 : value - margin, value + margin};
}

}  // namespace

double text_width(std::string_view text) {
  return static_cast<double>(columns(text)) * glyph_px;
}

Markup chart(const ChartSpec& spec) {
  Range x, y;
  for (const Series& series : spec.series) {
    for (const auto& [at, value] : series.points) {
      if (!std::isfinite(value) || (spec.y_log && value <= 0)) continue;
      x.take(at);
      y.take(value);
    }
  }
  if (x.empty()) return {};
  for (const Band& band : spec.bands) {
    x.take(band.from);
    x.take(band.to);
  }
  for (const Tick& tick : spec.x_ticks) x.take(tick.value);
  const Drawing drawing(spec, widened(x, false, false), widened(y, spec.y_from_zero, spec.y_log), spec.y_log);
  return element("svg",
                 {{"xmlns", "http://www.w3.org/2000/svg"},
                  {"viewBox", fmt::format("0 0 {} {}", px(chart_width), px(chart_height))},
                  {"width", px(chart_width)},
                  {"height", px(chart_height)},
                  {"role", "img"},
                  {"aria-label", spec.summary},
                  {"font-family", "sans-serif"}},
                 drawing.bands() + drawing.y_axis() + drawing.x_axis() + drawing.legend() + drawing.lines());
}

}  // namespace burstgate::report

// A chart as inline SVG: lines of two or more series over one axis, drawn with presentation attributes only, so that it
// is readable where a content security policy or a mail program drops the style sheet. With the sheet of report/html
// the classes "candidate", "baseline", "grid", "band" and "mark" follow light and dark.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "report/axis.hpp"
#include "report/element.hpp"

namespace burstgate::report {

enum class Stroke { candidate, baseline };  // solid; dashed: told apart without colour as well

struct Series {
  std::string name;
  Stroke stroke = Stroke::candidate;
  std::vector<std::pair<double, double>> points;  // by x; a y that is not finite breaks the line
};

// A stretch of the x axis that is something else: a warm-up, every other launch.
struct Band {
  double from = 0;
  double to = 0;
  std::string label;  // drawn where there is room for it
};

struct ChartSpec {
  std::string summary;  // what is to be seen, in a sentence, for those who do not see it
  std::string x_title;  // "time, s"
  std::string y_title;  // "latency p95, ms"
  bool y_log = false;
  bool y_from_zero = true;
  std::vector<Tick> x_ticks;  // chosen by the caller; empty: round numbers
  std::vector<Series> series;
  std::vector<Band> bands;
};

// Width and height of every chart, in SVG units that are CSS pixels on a phone.
inline constexpr double chart_width = 360;
inline constexpr double chart_height = 220;

// Nothing when no series has a finite point.
Markup chart(const ChartSpec& spec);

// Width of a text at a chart's font size, estimated on the wide side.
double text_width(std::string_view text);

}  // namespace burstgate::report

#include "report/picture.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string_view>
#include <vector>

namespace burstgate::report {

namespace {

struct Glyphs {
  std::string_view calm, doubt, beyond, bar, centre;
};
constexpr Glyphs ascii_glyphs = {".", "-", "/", "=", "o"};
constexpr Glyphs unicode_glyphs = {"·", "─", "░", "━", "●"};

// Columns 0 to width - 1 show changes from -limit to reach * limit.
class Scale {
 public:
  Scale(double limit, std::size_t width, int reach)
      : limit_(limit), last_(static_cast<double>(width - 1)), span_(reach + 1) {}
  double exact(double change) const { return (change / limit_ + 1) / span_ * last_; }
  bool left_of(double change) const { return exact(change) < -0.5; }
  bool right_of(double change) const { return exact(change) > last_ + 0.5; }
  std::size_t column(double change) const {
    return static_cast<std::size_t>(std::lround(std::clamp(exact(change), 0.0, last_)));
  }

 private:
  double limit_;
  double last_;
  double span_;
};

std::optional<double> limit_of(const verdict::Check& check) {
  const auto limit = check.limit_fail ? check.limit_fail : check.limit_warn;
  return limit && std::isfinite(*limit) && *limit > 0 ? limit : std::nullopt;
}

void draw_interval(std::vector<std::string_view>& cells, const verdict::Interval& interval, const Scale& scale,
                   const Glyphs& glyphs) {
  if (std::isnan(interval.low) || std::isnan(interval.high)) return;
  const std::size_t low = scale.column(interval.low);
  const std::size_t high = scale.column(interval.high);
  const auto is_mark = [&](std::string_view cell) { return cell == "0" || cell == "T" || cell == "L" || cell == "W"; };
  for (std::size_t i = low; i <= high; ++i) {
    if (!is_mark(cells[i])) cells[i] = glyphs.bar;
  }
  cells[low] = scale.left_of(interval.low) ? "<" : "[";
  cells[high] = scale.right_of(interval.high) ? ">" : "]";
}

// The estimate; one column further in where the end says that the interval goes on.
void draw_centre(std::vector<std::string_view>& cells, const verdict::Check& check, const Scale& scale,
                 const Glyphs& glyphs) {
  const std::size_t column = scale.column(*check.change);
  if (scale.left_of(*check.change) || scale.right_of(*check.change)) {
    cells[column] = scale.left_of(*check.change) ? "<" : ">";
  } else if (cells[column] == ">") {
    cells[column - 1] = glyphs.centre;
  } else if (cells[column] == "<") {
    cells[column + 1] = glyphs.centre;
  } else {
    cells[column] = glyphs.centre;
  }
}

}  // namespace

std::string picture(const verdict::Check& check, std::size_t width, int reach, bool unicode) {
  const auto limit = limit_of(check);
  if (check.kind != verdict::CheckKind::regression || !limit || !check.change || std::isnan(*check.change)) return {};
  const Glyphs& glyphs = unicode ? unicode_glyphs : ascii_glyphs;
  const Scale scale(*limit, width, reach);
  std::vector<std::string_view> cells;
  for (std::size_t i = 0; i < width; ++i) {
    cells.push_back(i < scale.column(check.tolerance) ? glyphs.calm
                    : i < scale.column(*limit)        ? glyphs.doubt
                                                      : glyphs.beyond);
  }
  cells[scale.column(0)] = "0";
  if (check.tolerance > 0 && scale.column(check.tolerance) > scale.column(0))
    cells[scale.column(check.tolerance)] = "T";
  if (check.limit_fail && check.limit_warn && scale.column(*check.limit_warn) > scale.column(check.tolerance)) {
    cells[scale.column(*check.limit_warn)] = "W";
  }
  cells[scale.column(*limit)] = "L";
  if (check.interval) draw_interval(cells, *check.interval, scale, glyphs);
  draw_centre(cells, check, scale, glyphs);
  std::string text;
  for (const std::string_view cell : cells) text += cell;
  return text;
}

std::string picture_legend(bool unicode, bool with_warning) {
  const Glyphs& g = unicode ? unicode_glyphs : ascii_glyphs;
  const std::string bar(g.bar);
  return std::string("0 no change  T tolerance  ") + (with_warning ? "W warning  " : "") + "L limit  [" + bar +
         std::string(g.centre) + bar + "] interval  " + std::string(g.beyond) + " too much";
}

}  // namespace burstgate::report

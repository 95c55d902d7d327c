#include "config/course.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace burstgate::config {

namespace {

constexpr double forever = std::numeric_limits<double>::infinity();

double seconds(microseconds duration) {
  return std::chrono::duration<double>(duration).count();
}

}  // namespace

Course::Course(const Profile& profile) : total_s_(seconds(profile.warmup + profile.duration)) {
  if (!profile.stages.empty()) {
    double level = 0;
    for (const Stage& stage : profile.stages) {
      add(seconds(stage.over), level, stage.target);
      level = stage.target;
    }
    add(forever, level, level);
  } else if (profile.open) {
    add(forever, profile.open->rate_per_s, profile.open->rate_per_s);
  } else {
    const double spawn_rate = profile.closed.spawn_rate_per_s;
    const double spawn_s = spawn_rate > 0 ? profile.closed.users / spawn_rate : 0;
    total_s_ = std::max(seconds(profile.warmup), spawn_s) + seconds(profile.duration);
    add(spawn_s, 0, profile.closed.users);
    add(forever, profile.closed.users, profile.closed.users);
  }
}

void Course::add(double length_s, double from, double to) {
  if (length_s <= 0) return;  // a jump
  Piece piece{0, length_s, from, to, 0};
  if (!pieces_.empty()) {
    const Piece& last = pieces_.back();
    piece.start_s = last.end_s;
    piece.end_s = piece.start_s + length_s;
    piece.arrivals_before = last.arrivals_before + (last.from + last.to) / 2 * last.length_s();
  }
  pieces_.push_back(piece);
}

const Course::Piece& Course::piece_at(double at_s) const {
  const auto after = std::upper_bound(pieces_.begin(), pieces_.end(), at_s,
                                      [](double at, const Piece& piece) { return at < piece.start_s; });
  return after == pieces_.begin() ? pieces_.front() : *(after - 1);
}

double Course::level(double at_s) const {
  if (at_s < 0) return 0;
  const Piece& piece = piece_at(at_s);
  if (piece.from == piece.to) return piece.from;
  return piece.from + (piece.to - piece.from) * (at_s - piece.start_s) / piece.length_s();
}

double Course::peak() const {
  double peak = 0;
  for (const Piece& piece : pieces_) peak = std::max({peak, piece.from, piece.to});
  return peak;
}

double Course::arrivals(double until_s) const {
  const Piece& piece = piece_at(until_s);
  return piece.arrivals_before + (piece.from + level(until_s)) / 2 * std::max(0.0, until_s - piece.start_s);
}

// Within a piece the area after t is from * t + slope * t^2 / 2; solved for t without cancellation.
double Course::due_s(double arrival) const {
  const auto after = std::upper_bound(pieces_.begin(), pieces_.end(), arrival,
                                      [](double k, const Piece& piece) { return k < piece.arrivals_before; });
  const Piece& piece = *(after - 1);
  const double rest = arrival - piece.arrivals_before;
  if (piece.from == piece.to) return piece.from > 0 ? piece.start_s + rest / piece.from : piece.end_s;
  const double slope = (piece.to - piece.from) / piece.length_s();
  const double under_root = std::max(0.0, piece.from * piece.from + 2 * slope * rest);
  const double divisor = piece.from + std::sqrt(under_root);
  return divisor > 0 ? std::min(piece.end_s, piece.start_s + 2 * rest / divisor) : piece.start_s;
}

std::optional<double> Course::climbs_above(double x, double from_s) const {
  for (std::size_t i = 0; i < pieces_.size(); ++i) {
    const Piece& piece = pieces_[i];
    if (piece.end_s < from_s) continue;
    const bool jumps = level_before(i) <= x && piece.from > x;
    if (jumps && piece.start_s >= from_s) return piece.start_s;
    const bool crosses = piece.from <= x && piece.to > x;
    if (crosses && piece.reaches(x) >= from_s) return piece.reaches(x);
  }
  return std::nullopt;
}

std::optional<double> Course::comes_down_to(double x, double from_s) const {
  for (std::size_t i = 0; i < pieces_.size(); ++i) {
    const Piece& piece = pieces_[i];
    if (piece.end_s < from_s) continue;
    const bool jumps = level_before(i) > x && piece.from <= x;
    if (jumps && piece.start_s >= from_s) return piece.start_s;
    const bool crosses = piece.from > x && piece.to <= x;
    if (crosses && piece.reaches(x) >= from_s) return piece.reaches(x);
  }
  return std::nullopt;
}

std::optional<Course::Stretch> Course::plateau() const {
  const double top = peak();
  std::optional<Stretch> longest, open;
  for (const Piece& piece : pieces_) {
    if (piece.from != top || piece.to != top || piece.start_s >= total_s_) {
      open.reset();
      continue;
    }
    open = {open ? open->start_s : piece.start_s, std::min(piece.end_s, total_s_)};
    if (!longest || open->end_s - open->start_s > longest->end_s - longest->start_s) longest = open;
  }
  return longest;
}

std::optional<double> Course::peak_end_s() const {
  const double top = peak();
  std::optional<double> end;
  bool goes_on = false;
  for (const Piece& piece : pieces_) {
    if (piece.start_s >= total_s_) break;
    if (piece.to == top) {
      end = piece.end_s;
    } else if (piece.from == top) {
      end = piece.start_s;
    }
    const bool at_peak = piece.to == top || piece.from == top;
    goes_on = !at_peak && (goes_on || (piece.from == piece.to && piece.from > 0));
  }
  return goes_on ? end : std::nullopt;
}

std::vector<double> stage_edges_s(const Profile& profile) {
  std::vector<double> edges;
  double at_s = 0;
  for (const Stage& stage : profile.stages) {
    if (edges.empty()) edges.push_back(0);
    edges.push_back(at_s += seconds(stage.over));
  }
  return edges;
}

}  // namespace burstgate::config

// The load over time: how many users, or how many iterations per second, a profile asks for at each moment. Everything
// is computed afresh from the profile's stages, so nothing drifts. Pure: times are seconds since the start of the
// warm-up.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "config/plan.hpp"

namespace burstgate::config {

class Course {
 public:
  explicit Course(const Profile& profile);

  // Users, or iterations started per second. Before the start 0, after the end what the last stage left.
  double level(double at_s) const;
  double peak() const;

  // Iterations that are due before this moment (open model): the area under the rate.
  double arrivals(double until_s) const;
  // When arrival k (0, 1, ...) is due: the last moment before which at most k were due. Infinity when it never is.
  double due_s(double arrival) const;

  // The first moment, from `from_s` on, at which the level climbs above x (jumps over it), or comes down to x. User k
  // of the closed model is there while the level is above k.
  std::optional<double> climbs_above(double x, double from_s) const;
  std::optional<double> comes_down_to(double x, double from_s) const;

  struct Stretch {
    double start_s = 0;
    double end_s = 0;
  };
  // The longest stretch that the load stays at its peak; nothing when it never stays there.
  std::optional<Stretch> plateau() const;
  // When the load leaves its peak for the last time. Nothing where it does not stay at another level above zero
  // afterwards: then there is nothing to recover in.
  std::optional<double> peak_end_s() const;
  // Warm-up and measured window.
  double total_s() const { return total_s_; }

 private:
  struct Piece {  // the level changes evenly from `from` to `to`
    double start_s;
    double end_s;
    double from;
    double to;
    double arrivals_before;

    double length_s() const { return end_s - start_s; }
    double reaches(double x) const { return start_s + (x - from) / (to - from) * length_s(); }
  };

  void add(double length_s, double from, double to);
  const Piece& piece_at(double at_s) const;
  double level_before(std::size_t piece) const { return piece == 0 ? 0 : pieces_[piece - 1].to; }

  std::vector<Piece> pieces_;  // without gaps; the last one never ends
  double total_s_ = 0;
};

// Where the stages of a profile begin, in seconds since the start of the warm-up; one more at the end. Of a constant
// profile none.
std::vector<double> stage_edges_s(const Profile& profile);

}  // namespace burstgate::config

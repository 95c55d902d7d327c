#include "stats/signed_rank.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <mutex>
#include <numeric>

#include "base/assert.hpp"
#include "stats/distributions.hpp"

namespace burstgate::stats {

namespace {

constexpr int max_pairs = 65'000;  // beyond, the greatest sum does not fit into an int

int sum_of_ranks(int pairs) {
  BURSTGATE_ASSERT(pairs >= 0 && pairs <= max_pairs);
  return static_cast<int>(static_cast<long long>(pairs) * (pairs + 1) / 2);
}

// P(W+ <= w) for w = 0 ... `sums` - 1. Rank k joins the sum by a fair coin: p[w] = (p[w] + p[w - k]) / 2. The smallest
// probability, 2^-pairs, is far from underflow up to max_exact_pairs, and nothing is ever subtracted.
std::vector<double> distribution(int pairs, int sums) {
  std::vector<double> p(static_cast<std::size_t>(sums), 0.0);
  if (sums > 0) p[0] = 1;
  for (int rank = 1, top = 0; rank <= pairs; ++rank) {
    top = std::min(top + rank, sums - 1);
    // Downwards: p[w - rank] still is the one without this rank.
    for (int w = top; w >= rank; --w) p[w] = (p[w] + p[w - rank]) / 2;
    for (int w = std::min(top, rank - 1); w >= 0; --w) p[w] /= 2;
  }
  std::partial_sum(p.begin(), p.end(), p.begin());
  return p;
}

}  // namespace

SignedRankNull::SignedRankNull(int pairs) : greatest_sum_(sum_of_ranks(pairs)) {
  deviation_ = std::sqrt(greatest_sum_ * (2.0 * pairs + 1) / 12);  // n (n + 1) (2 n + 1) / 24
  // The distribution is symmetric: one half is enough, and the tails keep their relative precision.
  if (pairs <= max_exact_pairs) lower_half_ = distribution(pairs, (greatest_sum_ + 1) / 2);
}

double SignedRankNull::at_most(int sum) const {
  if (sum < 0) return 0;
  if (sum >= greatest_sum_) return 1;
  if (lower_half_.empty()) return normal_cdf((sum + 0.5 - greatest_sum_ / 2.0) / deviation_);
  const auto index = static_cast<std::size_t>(sum);
  if (index < lower_half_.size()) return lower_half_[index];
  return 1 - lower_half_[static_cast<std::size_t>(greatest_sum_ - sum - 1)];
}

double SignedRankNull::at_least(int sum) const {
  return at_most(greatest_sum_ - sum);
}

int SignedRankNull::critical_sum(double alpha) const {
  BURSTGATE_ASSERT(alpha > 0 && alpha < 1);
  int below = -1;             // at_most(below) <= alpha
  int above = greatest_sum_;  // at_most(above) > alpha
  while (above - below > 1) {
    const int middle = below + (above - below) / 2;
    (at_most(middle) <= alpha ? below : above) = middle;
  }
  return below;
}

const SignedRankNull& signed_rank_null(int pairs) {
  static std::mutex mutex;
  static std::map<int, SignedRankNull> known;  // its elements never move
  const std::lock_guard lock(mutex);
  return known.try_emplace(pairs, pairs).first->second;
}

WalshAverages::WalshAverages(const std::vector<double>& differences)
    : null_(&signed_rank_null(static_cast<int>(differences.size()))) {
  sorted_.reserve(static_cast<std::size_t>(null_->greatest_sum()));
  for (std::size_t i = 0; i < differences.size(); ++i) {
    BURSTGATE_ASSERT(std::isfinite(differences[i]));
    for (std::size_t j = 0; j <= i; ++j) sorted_.push_back(std::midpoint(differences[i], differences[j]));
  }
  std::sort(sorted_.begin(), sorted_.end());
}

std::optional<double> WalshAverages::estimate() const {
  if (sorted_.empty()) return std::nullopt;
  const std::size_t middle = sorted_.size() / 2;
  return sorted_.size() % 2 == 1 ? sorted_[middle] : std::midpoint(sorted_[middle - 1], sorted_[middle]);
}

double WalshAverages::p_above(double theta) const {
  return null_->at_least(static_cast<int>(sorted_.end() - std::upper_bound(sorted_.begin(), sorted_.end(), theta)));
}

double WalshAverages::p_below(double theta) const {
  return null_->at_least(static_cast<int>(std::lower_bound(sorted_.begin(), sorted_.end(), theta) - sorted_.begin()));
}

// With c the critical sum and M averages, p_above(theta) <= alpha means that at most c averages are not above theta: so
// the (c + 1)-th smallest is above it. upper() is its mirror image, the (M - c)-th smallest.
double WalshAverages::lower(double alpha) const {
  const int critical = null_->critical_sum(alpha);
  return critical < 0 ? -std::numeric_limits<double>::infinity() : sorted_[static_cast<std::size_t>(critical)];
}

double WalshAverages::upper(double alpha) const {
  const int critical = null_->critical_sum(alpha);
  if (critical < 0) return std::numeric_limits<double>::infinity();
  return sorted_[sorted_.size() - 1 - static_cast<std::size_t>(critical)];
}

}  // namespace burstgate::stats

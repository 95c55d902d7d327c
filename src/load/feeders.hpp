// Which row of a feeder comes next. Shared by the threads of a burst, so that "once" is once and not once per thread.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "config/journey.hpp"

namespace burstgate::load {

class Feeders {
 public:
  // The rows stay the plan's, which must outlive this.
  explicit Feeders(const std::vector<config::Feeder>& feeders);

  // A row of the feeder; nothing: there are no more.
  const std::vector<std::string>* next(std::size_t feeder, std::mt19937_64& random);

  // Of those that were asked for a row when there were no more: "users.csv: all 20 rows were used up; 5 iterations got
  // none".
  std::vector<std::string> exhausted() const;

 private:
  struct State {
    explicit State(const config::Feeder& source) : feeder(source) {}
    const config::Feeder& feeder;
    std::atomic<std::uint64_t> taken{0};
    std::atomic<std::uint64_t> refused{0};
  };
  std::deque<State> states_;
};

}  // namespace burstgate::load

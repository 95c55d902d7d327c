#include "load/feeders.hpp"

#include <fmt/format.h>

namespace burstgate::load {

using config::Feeder;

Feeders::Feeders(const std::vector<Feeder>& feeders) {
  for (const Feeder& feeder : feeders) states_.emplace_back(feeder);
}

const std::vector<std::string>* Feeders::next(std::size_t feeder, std::mt19937_64& random) {
  State& state = states_[feeder];
  const config::Rows& rows = *state.feeder.rows;
  if (state.feeder.order == Feeder::Order::random) {
    return &rows[std::uniform_int_distribution<std::size_t>(0, rows.size() - 1)(random)];
  }
  const std::uint64_t number = state.taken.fetch_add(1, std::memory_order_relaxed);
  if (number < rows.size() || state.feeder.wraps) return &rows[number % rows.size()];
  state.refused.fetch_add(1, std::memory_order_relaxed);
  return nullptr;
}

std::vector<std::string> Feeders::exhausted() const {
  std::vector<std::string> sentences;
  for (const State& state : states_) {
    const auto refused = state.refused.load();
    if (refused == 0) continue;
    sentences.push_back(fmt::format("{}: all {} rows were used up; {} {}", state.feeder.file, state.feeder.rows->size(),
                                    refused, refused == 1 ? "iteration got none" : "iterations got none"));
  }
  return sentences;
}

}  // namespace burstgate::load

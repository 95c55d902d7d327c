#include "load/causes.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace burstgate::load {

namespace {
constexpr std::size_t longest_example = 60;
}

void Causes::add(const std::string& what, const Seen& seen) {
  const auto found = seen_.find(what);
  if (found == seen_.end() && seen_.size() == most) {
    others_ += seen.times;
  } else if (found == seen_.end()) {
    seen_.emplace(what, seen);
  } else {
    found->second.times += seen.times;
  }
}

void Causes::add(const std::string& what, const std::string& example) {
  add(what, Seen{1, example});
}

void Causes::add(const Causes& other) {
  for (const auto& [what, seen] : other.seen_) add(what, seen);
  others_ += other.others_;
}

std::vector<std::string> Causes::sentences() const {
  std::vector<std::pair<std::string, Seen>> sorted(seen_.begin(), seen_.end());
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const auto& a, const auto& b) { return a.second.times > b.second.times; });
  std::vector<std::string> sentences;
  for (const auto& [what, seen] : sorted) {
    std::string sentence = fmt::format("{} x {}", seen.times, visible(what));
    if (!seen.example.empty()) sentence += ", for example " + visible(elided(seen.example, longest_example));
    sentences.push_back(std::move(sentence));
  }
  if (others_ > 0) sentences.push_back(fmt::format("{} x other causes", others_));
  return sentences;
}

}  // namespace burstgate::load

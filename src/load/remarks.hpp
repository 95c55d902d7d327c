// What a burst's connections have to say for the report: what was wrong with the peer, a few examples, each once; and
// how many TLS handshakes there were.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

namespace burstgate::load {

class Remarks {
 public:
  static constexpr std::size_t most = 3;

  void add(const std::string& remark) {
    const bool known = std::find(texts_.begin(), texts_.end(), remark) != texts_.end();
    if (!remark.empty() && !known && texts_.size() < most) texts_.push_back(remark);
  }
  void count_handshake(bool resumed) {
    ++handshakes_;
    resumed_ += resumed ? 1 : 0;
  }

  void merge(const Remarks& other) {
    for (const std::string& text : other.texts_) add(text);
    handshakes_ += other.handshakes_;
    resumed_ += other.resumed_;
  }
  void add_to(std::vector<std::string>& notes) const {
    if (handshakes_ > 0) notes.push_back(fmt::format("TLS handshakes: {}, {} of them resumed", handshakes_, resumed_));
    notes.insert(notes.end(), texts_.begin(), texts_.end());
  }

 private:
  std::vector<std::string> texts_;
  std::uint64_t handshakes_ = 0;
  std::uint64_t resumed_ = 0;
};

}  // namespace burstgate::load

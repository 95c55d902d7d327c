// What was wrong with the peer during a burst, in words: a few examples for the report, each once.
#pragma once

#include <algorithm>
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
  // Those that are not there already.
  void add_to(std::vector<std::string>& notes) const {
    for (const std::string& text : texts_) {
      if (std::find(notes.begin(), notes.end(), text) == notes.end()) notes.push_back(text);
    }
  }

 private:
  std::vector<std::string> texts_;
};

}  // namespace burstgate::load

// Heads that were read before. A server answers the same request with the same bytes over and over, but for the date
// once a second: comparing them is twenty times cheaper than parsing them again. What a head means depends on nothing
// but its bytes and the limits, so a cache may be shared by all connections of a thread that have the same limits.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include "protocol/response_head.hpp"

namespace burstgate::protocol {

class HeadCache {
 public:
  static constexpr std::size_t entries = 4;
  static constexpr std::size_t largest_head = 2048;  // bytes; larger ones are parsed each time

  // The head that `bytes` start with, if it is known.
  const ResponseHead* find(std::string_view bytes) const {
    for (const Entry& entry : entries_) {
      if (!entry.bytes.empty() && bytes.substr(0, entry.bytes.size()) == entry.bytes) return &entry.head;
    }
    return nullptr;
  }

  // `bytes`: exactly the head, its empty line included. Takes the place of the oldest entry.
  void remember(std::string_view bytes, const ResponseHead& head) {
    if (bytes.size() > largest_head) return;
    entries_[next_] = {std::string(bytes), head};
    next_ = (next_ + 1) % entries;
  }

 private:
  struct Entry {
    std::string bytes{};
    ResponseHead head{};
  };
  std::array<Entry, entries> entries_;
  std::size_t next_ = 0;
};

}  // namespace burstgate::protocol

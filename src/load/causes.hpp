// Why requests failed, beyond their class: each cause once, with its number and an example. A few of them: a report is
// no log.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace burstgate::load {

class Causes {
 public:
  static constexpr std::size_t most = 12;  // different ones; further ones are counted together

  // `what`: "chat: json /ok is not true". `example`: what was found instead, from a peer; may be empty.
  void add(const std::string& what, const std::string& example);
  void add(const Causes& other);

  // "12 x chat: json /ok is not true, for example false"; the most frequent first.
  std::vector<std::string> sentences() const;

 private:
  struct Seen {
    std::uint64_t times = 0;
    std::string example{};
  };
  void add(const std::string& what, const Seen& seen);

  std::map<std::string, Seen> seen_;
  std::uint64_t others_ = 0;
};

}  // namespace burstgate::load

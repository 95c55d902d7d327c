// Collects what is wrong with the settings, so that all of it is reported at once.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/place.hpp"

namespace burstgate::config {

class Mistakes {
 public:
  // Makes a file's lines available for quoting.
  void quote_from(const std::string& file, const std::string& text);

  // A mistake at a place, once: in a file (the column counts characters), or in a flag (file: "--users", line 0).
  void add(const std::string& code, const Place& place, const std::string& what, const std::string& hint = {});

  // What another reader says, at the place that led to it.
  void add(const Error& error, const Place& place);

  bool empty() const { return found_.empty(); }
  // Error (Trouble::usage) with everything that was added: flags first, then file by file, by line.
  void throw_if_any() const;

 private:
  struct Found {
    Problem problem;
    std::size_t file = 0;  // 0: not in a file; otherwise in the order of quote_from
    int line = 0;
    int column = 0;
  };
  std::vector<Found> found_;
  std::vector<std::string> files_;
  std::map<std::string, std::vector<std::string>> lines_;
};

inline constexpr std::size_t max_reported_mistakes = 50;  // one broken file must not flood a CI log

}  // namespace burstgate::config

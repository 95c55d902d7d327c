// What is going on, on stderr: one rewritten line on a terminal, a line per phase elsewhere.
#pragma once

#include <string>

#include "load/burst.hpp"

namespace burstgate::cli {

class ProgressLine {
 public:
  // `quiet`: says nothing at all.
  explicit ProgressLine(bool quiet);
  ~ProgressLine();  // ends a rewritten line

  void say(const std::string& text);  // a line of its own
  void show(const load::Progress& progress);
  void end();

 private:
  bool quiet_;
  bool terminal_;
  bool line_open_ = false;
  load::Progress::Phase said_ = load::Progress::Phase::done;
};

}  // namespace burstgate::cli

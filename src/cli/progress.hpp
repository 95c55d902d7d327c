// What is going on, on stderr: one rewritten line on a terminal, a line per phase and stage elsewhere. Called between
// or beside the measuring threads, never on them.
#pragma once

#include <string>

#include "cli/progress_text.hpp"
#include "load/burst.hpp"

namespace burstgate::cli {

class ProgressLine {
 public:
  // `quiet`: says nothing at all.
  explicit ProgressLine(bool quiet);
  ~ProgressLine();  // ends a rewritten line

  void say(const std::string& text);  // a line of its own
  void show(const load::Progress& progress);
  void show(const PairedProgress& progress);  // after each round; on a terminal only
  void end();

 private:
  void rewrite(const std::string& line);

  bool quiet_;
  bool terminal_;
  bool unicode_;
  bool line_open_ = false;
  load::Progress::Phase said_ = load::Progress::Phase::done;
  std::string said_stage_;
  Sparkline course_;  // of p95
  int seconds_seen_ = 0;
};

}  // namespace burstgate::cli

#include "cli/progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

#include "base/text.hpp"
#include "cli/messages.hpp"

namespace burstgate::cli {

namespace {

std::string_view name(load::Progress::Phase phase) {
  using Phase = load::Progress::Phase;
  switch (phase) {
    case Phase::warmup:
      return "warming up";
    case Phase::measuring:
      return "measuring";
    case Phase::draining:
      return "waiting for the last answers";
    case Phase::done:
      return "done";
  }
  return "";
}

}  // namespace

ProgressLine::ProgressLine(bool quiet) : quiet_(quiet), terminal_(isatty(STDERR_FILENO) == 1) {}

ProgressLine::~ProgressLine() {
  end();
}

void ProgressLine::end() {
  if (line_open_) print_stderr("\r\x1b[K");
  line_open_ = false;
}

void ProgressLine::say(const std::string& text) {
  if (quiet_) return;
  end();
  print_stderr("{}\n", visible(text));
}

void ProgressLine::show(const load::Progress& progress) {
  if (quiet_) return;
  if (!terminal_) {
    if (progress.phase == said_) return;
    said_ = progress.phase;
    print_stderr("{} ...\n", name(progress.phase));
    return;
  }
  const double rate = progress.elapsed_s > 0 ? static_cast<double>(progress.finished) / progress.elapsed_s : 0;
  print_stderr("\r\x1b[K{}  {:.0f}/{:.0f} s  {} requests  {:.0f}/s  {} failed  {} connections", name(progress.phase),
               progress.elapsed_s, progress.total_s, progress.finished, rate, progress.failed, progress.connections);
  std::fflush(stderr);
  line_open_ = true;
}

}  // namespace burstgate::cli

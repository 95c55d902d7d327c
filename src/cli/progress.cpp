#include "cli/progress.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cmath>
#include <cstdio>

#include "base/text.hpp"
#include "cli/messages.hpp"
#include "cli/session.hpp"

namespace burstgate::cli {

namespace {

// One less than the terminal is wide: a line that fills it wraps on some of them.
std::size_t usable_columns() {
  constexpr std::size_t usual_columns = 80;
  winsize size{};
  const bool known = ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return (known ? size.ws_col : usual_columns) - 1;
}

}  // namespace

ProgressLine::ProgressLine(bool quiet)
    : quiet_(quiet), terminal_(isatty(STDERR_FILENO) == 1), unicode_(stdout_in_unicode()) {}

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
    if (progress.phase == said_ && progress.stage == said_stage_) return;
    said_ = progress.phase;
    said_stage_ = progress.stage;
    const std::string stage = said_stage_.empty() ? "" : ", stage " + visible(said_stage_);
    print_stderr("{}{} ...\n", phase_text(progress.phase), stage);
    return;
  }
  if (progress.seconds_seen > seconds_seen_) course_.add(progress.recent_p95_us.value_or(std::nan("")));
  seconds_seen_ = progress.seconds_seen;
  rewrite(progress_text(progress, course_, unicode_, usable_columns()));
}

void ProgressLine::show(const PairedProgress& progress) {
  if (quiet_ || !terminal_) return;
  course_.add(progress.baseline_p95_us > 0 ? progress.candidate_p95_us / progress.baseline_p95_us : std::nan(""));
  rewrite(progress_text(progress, course_, unicode_, usable_columns()));
}

void ProgressLine::rewrite(const std::string& line) {
  print_stderr("\r\x1b[K{}", line);
  std::fflush(stderr);
  line_open_ = true;
}

}  // namespace burstgate::cli

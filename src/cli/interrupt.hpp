// SIGINT and SIGTERM: the first one asks for an early end with partial results, the second one ends the process.
#pragma once

#include <atomic>

namespace burstgate::cli {

// Installs the handlers (and ignores SIGPIPE). Call before anything is started.
void watch_signals();

// 0, or the number of the signal that came.
const std::atomic<int>& signal_received();

}  // namespace burstgate::cli

#include "cli/interrupt.hpp"

#include <unistd.h>

#include <csignal>

namespace burstgate::cli {

namespace {

std::atomic<int> received{0};
static_assert(std::atomic<int>::is_always_lock_free);  // so that the handler may touch it

extern "C" void on_signal(int number) {
  // A service that we started has a watchdog of its own: it dies with this process.
  if (received.load() != 0) _exit(128 + number);
  received.store(number);
}

}  // namespace

void watch_signals() {
  struct sigaction action {};
  action.sa_handler = on_signal;
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  action.sa_handler = SIG_IGN;
  sigaction(SIGPIPE, &action, nullptr);
}

const std::atomic<int>& signal_received() {
  return received;
}

}  // namespace burstgate::cli

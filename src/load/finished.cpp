#include "load/finished.hpp"

namespace burstgate::load {

using measure::Failure;

bool is_unreachable(Failure failure) {
  return failure == Failure::refused || failure == Failure::connect || failure == Failure::connect_timeout ||
         failure == Failure::generator || failure == Failure::tls;
}

Performed account_for(ThreadState& thread, const FinishedRequest& finished) {
  thread.recorder.finish(finished);
  add(thread.live.finished);
  thread.live.latency.record(
      std::chrono::duration_cast<std::chrono::microseconds>(finished.ended - finished.intended).count());
  if (finished.end == End::ok) {
    add(thread.live.ok);
    return Performed::ok;
  }
  if (finished.end != End::failed) return Performed::failed;
  if (finished.failure == Failure::refused) add(thread.live.refused);
  return is_unreachable(finished.failure) ? Performed::unreachable : Performed::failed;
}

}  // namespace burstgate::load

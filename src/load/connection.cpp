#include "load/connection.hpp"

namespace burstgate::load {

void Connection::stop(StopCause cause) {
  stopped_ = cause;
  deadline_.reset();
  wake();
  timer_.cancel();
}

Task<void> Connection::sleep_until(Instant when) {
  if (stopped_ == StopCause::cut) co_return;
  error_code ignored;
  timer_.expires_at(when);
  co_await timer_.async_wait(into(ignored));
}

}  // namespace burstgate::load

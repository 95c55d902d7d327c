// Lets a fixed number of requests into service; the others wait in the order in which they came, whichever thread their
// connection belongs to. With N places and a service time s the service carries N / s requests per second: a knee.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <deque>
#include <memory>
#include <mutex>

namespace burstgate::target {

class CapacityGate {
 public:
  using Clock = std::chrono::steady_clock;

  explicit CapacityGate(int places) : free_places_(places), limited_(places > 0) {}

  bool limited() const { return limited_; }

  // Takes a place, now or when one gets free. The result is the moment at which the place was given.
  boost::asio::awaitable<Clock::time_point> enter();
  // Gives the place to the one who waits longest.
  void leave(Clock::time_point now);

  void forget_waiting();  // before their io_contexts end

 private:
  struct Waiting {
    explicit Waiting(const boost::asio::any_io_executor& executor) : bell(executor, Clock::time_point::max()) {}
    boost::asio::steady_timer bell;  // cancelled when the place is given
    Clock::time_point given_at;
  };

  std::mutex mutex_;
  int free_places_;
  const bool limited_;
  std::deque<std::shared_ptr<Waiting>> queue_;
};

}  // namespace burstgate::target

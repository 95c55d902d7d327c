#include "target/capacity_gate.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace burstgate::target {

namespace asio = boost::asio;

asio::awaitable<CapacityGate::Clock::time_point> CapacityGate::enter() {
  const auto executor = co_await asio::this_coro::executor;
  std::shared_ptr<Waiting> waiting;
  {
    const std::lock_guard lock(mutex_);
    if (free_places_ > 0) {
      --free_places_;
      co_return Clock::now();
    }
    waiting = std::make_shared<Waiting>(executor);
    queue_.push_back(waiting);
  }
  // leave() rings through this thread's own queue, so it cannot ring before the wait below has begun.
  co_await waiting->bell.async_wait(asio::as_tuple(asio::use_awaitable));
  co_return waiting->given_at;
}

void CapacityGate::leave(Clock::time_point now) {
  std::shared_ptr<Waiting> next;
  {
    const std::lock_guard lock(mutex_);
    if (queue_.empty()) {
      ++free_places_;
      return;
    }
    next = std::move(queue_.front());
    queue_.pop_front();
  }
  next->given_at = now;
  const auto executor = next->bell.get_executor();
  asio::post(executor, [next = std::move(next)] { next->bell.cancel(); });
}

void CapacityGate::forget_waiting() {
  const std::lock_guard lock(mutex_);
  queue_.clear();
}

}  // namespace burstgate::target

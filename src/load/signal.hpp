// One coroutine waits here until somebody says that something happened.
#pragma once

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/post.hpp>
#include <optional>
#include <utility>

#include "load/asio.hpp"

namespace burstgate::load {

class Signal {
 public:
  // Until now() or soon(). No coroutine of its own: there may be one of these per request.
  Task<void> wait() {
    asio::use_awaitable_t<Executor> awaiting;
    return asio::async_initiate<decltype(awaiting), void()>(
        [this](auto handler) { waiter_.emplace(std::move(handler)); }, awaiting);
  }
  bool is_awaited() const { return waiter_.has_value(); }
  void now() { take()(); }  // whoever waits goes on at once, within this call
  void soon(asio::io_context& context) {
    if (waiter_) asio::post(context, take());
  }

 private:
  using Waiter = boost::asio::any_completion_handler<void()>;
  Waiter take() {
    Waiter waiter = std::move(*waiter_);
    waiter_.reset();
    return waiter;
  }

  std::optional<Waiter> waiter_;  // never assigned to: Boost 1.81's any_completion_handler recurses there for ever
};

}  // namespace burstgate::load

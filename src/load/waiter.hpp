// A coroutine that waits until somebody says that it may go on.
#pragma once

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/post.hpp>
#include <optional>
#include <utility>

#include "load/asio.hpp"

namespace burstgate::load {

// At most one coroutine waits.
class Waiter {
 public:
  bool is_waiting() const { return handler_.has_value(); }

  // Until go_on() or go_on_soon(). No coroutine of its own: there is one of these per request.
  Task<void> wait() {
    asio::use_awaitable_t<Executor> awaiting;
    return asio::async_initiate<decltype(awaiting), void()>(
        [this](auto handler) { handler_.emplace(std::move(handler)); }, awaiting);
  }

  // At once, inside this call; nothing when nobody waits.
  void go_on() {
    if (handler_) take()();
  }
  void go_on_soon(asio::io_context& context) {
    if (handler_) asio::post(context, take());
  }

 private:
  using Handler = boost::asio::any_completion_handler<void()>;
  Handler take() {
    Handler handler = std::move(*handler_);
    handler_.reset();
    return handler;
  }

  std::optional<Handler> handler_;  // never assigned to: Boost 1.81's any_completion_handler recurses there for ever
};

}  // namespace burstgate::load

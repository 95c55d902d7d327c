// Freezes of the whole service: at the same moments every thread of it does nothing for a while, so that no byte is
// read or written and no timer completes, as with a stop-the-world garbage collection.
#pragma once

#include <algorithm>
#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <thread>

namespace burstgate::target {

// Blocks the calling thread, in slices so that the service can still be stopped.
inline void freeze_until(std::chrono::steady_clock::time_point end, const std::atomic<bool>& stop) {
  constexpr std::chrono::milliseconds slice{20};
  for (auto now = std::chrono::steady_clock::now(); now < end && !stop; now = std::chrono::steady_clock::now()) {
    std::this_thread::sleep_until(std::min(end, now + slice));
  }
}

// Runs on every thread of the service; freezes it during [start + k * every, start + k * every + length), k = 1, 2, ...
inline boost::asio::awaitable<void> freeze_regularly(std::chrono::steady_clock::time_point start,
                                                     std::chrono::microseconds length, std::chrono::microseconds every,
                                                     const std::atomic<bool>& stop) {
  boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
  for (auto begin = start + every; !stop; begin += every) {
    timer.expires_at(begin);
    co_await timer.async_wait(boost::asio::use_awaitable);
    freeze_until(begin + length, stop);
  }
}

}  // namespace burstgate::target

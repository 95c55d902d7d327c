#include "load/readiness.hpp"

#include <sys/epoll.h>
#include <unistd.h>

#include <array>
#include <boost/asio/post.hpp>
#include <cerrno>
#include <system_error>
#include <utility>

#include "base/assert.hpp"

namespace burstgate::load {

namespace {

constexpr int batch = 256;
// Asio's timers (the tick, the ramp) get their turn this often when they are not urgent.
constexpr auto turn_length = std::chrono::milliseconds(1);
constexpr int longest_sleep_ms = 5;

int make_epoll() {
  const int descriptor = epoll_create1(EPOLL_CLOEXEC);
  if (descriptor < 0) throw std::system_error(errno, std::generic_category(), "epoll_create1");
  return descriptor;
}

}  // namespace

void Stream::adopt(int descriptor) {
  close();
  descriptor_ = descriptor;
  has_happened_ = false;
  epoll_event event{};
  event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
  event.data.ptr = this;
  const int added = epoll_ctl(readiness_.epoll_.native_handle(), EPOLL_CTL_ADD, descriptor, &event);
  BURSTGATE_ASSERT(added == 0);
}

void Stream::close() {
  if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));  // leaves the epoll instance by itself
}

void Stream::happened(bool peer_closes) {
  if (waiter_.is_waiting()) {
    waiter_.go_on();
  } else if (listener_) {
    listener_(peer_closes);
  } else {
    has_happened_ = true;
  }
}

void Stream::wake() {
  waiter_.go_on_soon(readiness_.context_);
}

Readiness::Readiness(asio::io_context& context) : context_(context), epoll_(context.get_executor(), make_epoll()) {}

int Readiness::serve(int timeout_ms) {
  std::array<epoll_event, batch> events;
  const int count = epoll_wait(epoll_.native_handle(), events.data(), batch, timeout_ms);
  for (int i = 0; i < count; ++i) {
    const epoll_event& event = events[static_cast<std::size_t>(i)];
    static_cast<Stream*>(event.data.ptr)->happened((event.events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0);
  }
  return count;
}

void Readiness::serve_asleep() {
  const Instant turn_end = Clock::now() + turn_length;
  while (serve(longest_sleep_ms) > 0 && urgent_ == 0 && Clock::now() < turn_end) {
  }
}

Task<void> Readiness::run(bool timers_are_urgent) {
  std::optional<Urgent> timers;
  if (timers_are_urgent) timers.emplace(*this);
  stopped_ = false;
  while (!stopped_) {
    if (urgent_ == 0) {
      serve_asleep();
      co_await asio::post(context_, asio::use_awaitable_t<Executor>{});
    } else {
      error_code ignored;
      co_await epoll_.async_wait(asio::posix::descriptor_base::wait_read, into(ignored));
      serve(0);
    }
  }
}

void Readiness::stop() {
  stopped_ = true;
  error_code ignored;
  epoll_.cancel(ignored);
}

}  // namespace burstgate::load

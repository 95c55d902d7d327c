// Waiting for sockets without a system call per wait.
//
// Asio 1.81 re-arms its epoll registration (one epoll_ctl) each time a coroutine waits for readability; that is 7 % of
// a request's CPU. Connected sockets therefore leave Asio and are registered once, edge-triggered, in an epoll instance
// of the thread's own, which Asio waits for as a whole: one re-arming per batch of events. docs/decisions/0003 has the
// measurement.
#pragma once

#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <functional>
#include <utility>

#include "load/asio.hpp"
#include "load/waiter.hpp"

namespace burstgate::load {

class Readiness;

// A connected, non-blocking socket. At most one coroutine waits for it.
class Stream {
 public:
  explicit Stream(Readiness& readiness) : readiness_(readiness) {}
  ~Stream() { close(); }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  void adopt(int descriptor);  // takes it over and registers it
  void close();
  bool is_open() const { return descriptor_ >= 0; }
  int descriptor() const { return descriptor_; }

  // Edge-triggered: the caller tries its operation first or after, and waits again only when that would block.
  //
  //   if (!stream.has_happened()) co_await stream.happening();
  //
  // True when something happened to the socket (readable, writable, closed) since the last wait; forgets it.
  bool has_happened() { return std::exchange(has_happened_, false); }
  // Until something happens, or wake().
  Task<void> happening() { return waiter_.wait(); }
  void wake();  // ends a wait, soon

  // For a stream that nobody waits for: called whenever something happens. `peer_closes`: read to the end, there will
  // be no other call.
  using Listener = std::function<void(bool peer_closes)>;
  void listen(Listener listener) { listener_ = std::move(listener); }

 private:
  friend class Readiness;
  void happened(bool peer_closes);

  Readiness& readiness_;
  int descriptor_ = -1;
  bool has_happened_ = false;
  Waiter waiter_;
  Listener listener_;
};

class Readiness {
 public:
  explicit Readiness(asio::io_context& context);

  // Serves the streams until stop(); may be run again afterwards. `timers_are_urgent`: Asio's timers must be on time to
  // the microsecond; otherwise they may be a few ms late.
  Task<void> run(bool timers_are_urgent);
  void stop();

  // While one of these lives, an operation of Asio's is under way that somebody waits for.
  class Urgent {
   public:
    explicit Urgent(Readiness& readiness) : readiness_(readiness) { ++readiness_.urgent_; }
    ~Urgent() { --readiness_.urgent_; }
    Urgent(const Urgent&) = delete;
    Urgent& operator=(const Urgent&) = delete;

   private:
    Readiness& readiness_;
  };

 private:
  friend class Stream;
  void serve_asleep();
  int serve(int timeout_ms);

  asio::io_context& context_;
  asio::posix::basic_stream_descriptor<Executor> epoll_;
  int urgent_ = 0;  // reasons to sleep in Asio's epoll
  bool stopped_ = false;
};

}  // namespace burstgate::load

// One TCP connection of a virtual user: connect, send a request, read its answer. Deadlines are not timers of their
// own: the thread's tick looks at deadline() and calls stop(), which ends whatever the connection waits for.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

#include "load/asio.hpp"
#include "load/readiness.hpp"
#include "load/request.hpp"
#include "measure/measurement.hpp"
#include "protocol/http1.hpp"

namespace burstgate::load {

// How one exchange went. `failure` is empty for a complete answer, whatever its status.
struct Exchange {
  std::optional<measure::Failure> failure;
  bool cut = false;    // ended by stop(StopCause::cut): neither success nor failure
  bool stale = false;  // a reused connection was closed before the first byte of the answer
};

enum class StopCause { none, timeout, cut };

// What became of a connection that nobody used for a while.
enum class IdleState { usable, closed_by_peer, unsolicited_bytes };

class Connection {
 public:
  Connection(asio::io_context& context, Readiness& readiness, const Tcp::endpoint& peer,
             const protocol::ResponseLimits& limits, protocol::HeadCache& heads, std::span<char> read_buffer);

  bool is_open() const { return stream_.is_open(); }
  // Connects (closing what was open). `failure` says why not.
  Task<Exchange> connect(Instant deadline);
  // Sends the request and reads its whole answer; closes the connection when it cannot be used again.
  Task<Exchange> exchange(const Request& request, Instant deadline);
  // Whether an idle connection may carry another request; closes it when it may not.
  IdleState check_idle();
  void close();
  Instant last_used() const { return last_used_; }
  void set_last_used(Instant when) { last_used_ = when; }

  // Of the last exchange.
  const protocol::ResponseReader& answer() const { return reader_; }

  // Waits on the connection's timer; ends early on stop().
  Task<void> sleep_until(Instant when);

  std::optional<Instant> deadline() const { return deadline_; }
  void stop(StopCause cause);
  void resume() { stopped_ = StopCause::none; }  // after stop(StopCause::cut), for another burst

 private:
  std::string_view send_now(std::string_view bytes);
  Task<std::optional<measure::Failure>> send_rest(std::string_view bytes);
  enum class Read { progress, would_block };
  Read read_once(std::optional<measure::Failure>& failure);

  Socket connecting_;  // only until it is connected
  Readiness& readiness_;
  Stream stream_;
  Timer timer_;
  const Tcp::endpoint& peer_;
  protocol::ResponseReader reader_;
  std::span<char> read_buffer_;  // shared by all connections of the thread; only used between two waits
  std::optional<Instant> deadline_;
  Instant last_used_;
  StopCause stopped_ = StopCause::none;
};

}  // namespace burstgate::load

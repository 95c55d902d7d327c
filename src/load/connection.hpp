// One connection of a virtual user, whatever its protocol: connect, send a request, read its answer. Deadlines are not
// timers of their own: the thread's tick looks at deadline() and calls stop(), which ends whatever the connection waits
// for.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "load/asio.hpp"
#include "load/request.hpp"
#include "measure/measurement.hpp"
#include "protocol/field.hpp"
#include "protocol/response.hpp"

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

// What the last exchange brought; views are valid until the next one begins.
struct Answer {
  int status = 0;                                        // of a complete answer, otherwise 0
  std::uint64_t body_bytes = 0;                          // on the wire, without framing
  std::string_view body;                                 // when the request wanted it
  std::uint32_t anomalies = 0;                           // bit set over protocol::Anomaly
  const std::vector<protocol::Field>* fields = nullptr;  // those that the request wanted
};

class Connection {
 public:
  explicit Connection(asio::io_context& context) : timer_(context.get_executor()) {}
  virtual ~Connection() = default;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  virtual bool is_open() const = 0;
  // Connects (closing what was open). `failure` says why not.
  virtual Task<Exchange> connect(Instant deadline) = 0;
  // Sends the request and reads its whole answer; closes the connection when it cannot be used again.
  virtual Task<Exchange> exchange(const Outgoing& request, Instant deadline) = 0;
  // Whether an idle connection may carry another request; closes it when it may not.
  virtual IdleState check_idle() = 0;
  virtual void close() = 0;
  virtual Answer answer() const = 0;

  Instant last_used() const { return last_used_; }
  void set_last_used(Instant when) { last_used_ = when; }

  // Waits on the connection's timer; ends early on stop().
  Task<void> sleep_until(Instant when);

  std::optional<Instant> deadline() const { return deadline_; }
  void stop(StopCause cause);
  void resume() { stopped_ = StopCause::none; }  // after stop(StopCause::cut), for another burst

 protected:
  virtual void wake() = 0;  // ends what the connection waits for, soon

  std::optional<Instant> deadline_;
  StopCause stopped_ = StopCause::none;

 private:
  Timer timer_;
  Instant last_used_;
};

}  // namespace burstgate::load

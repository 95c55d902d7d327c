// One thread's account of the messages on its WebSockets, scenario by scenario. Instants are arguments; what happened
// before the measured window is not counted.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "load/websocket_script.hpp"
#include "measure/measurement.hpp"

namespace burstgate::load {

// Readings of the figure that tells how many messages the service dropped.
struct DropReadings {
  double connection_growth = 0;  // summed over the connections, each from 0
  std::optional<double> before;  // highest one before the window
  std::optional<double> lowest;  // in the window
  std::optional<double> highest;

  void add(const DropReadings& other);
  // Nothing when it was never read.
  std::optional<double> value(config::DropFigure::Kind kind) const;
};

struct MessageCounts {
  std::uint64_t sent = 0;
  std::uint64_t received = 0;
  std::uint64_t lost = 0;  // no reply within the timeout, or before the connection ended
  std::uint64_t late = 0;
  std::uint64_t duplicate = 0;
  std::uint64_t unexpected = 0;      // the others for which nobody waited
  std::uint64_t unclean_closes = 0;  // connections that ended without the service's close frame
  DropReadings drops;

  void add(const MessageCounts& other);
};

class WebSocketAccount {
 public:
  WebSocketAccount() = default;
  WebSocketAccount(std::size_t scenarios, Instant window_start) : start_(window_start), counts_(scenarios) {}

  void sent(std::size_t scenario, Instant now);
  void received(std::size_t scenario, Fit fit, Instant now);
  void lost(std::size_t scenario, Instant now);
  void unclean_close(std::size_t scenario, Instant now);
  // `before`: the connection's last reading, 0 without one.
  void drops_read(std::size_t scenario, double before, double value, Instant now);

  const std::vector<MessageCounts>& counts() const { return counts_; }
  void add(const WebSocketAccount& other);

 private:
  bool counted(Instant now) const { return now >= start_; }

  Instant start_;
  std::vector<MessageCounts> counts_;
};

struct RequestSet;

// The figures of the whole run and of each scenario (at its connect endpoint), and a note with the counts.
void write_messages(measure::Measurement& measurement, const WebSocketAccount& account, const RequestSet& requests);

}  // namespace burstgate::load

// One handshake with each WebSocket before the burst: a wrong path or token is no measurement.
#pragma once

#include "load/request.hpp"
#include "load/transport.hpp"

namespace burstgate::load {

// Connects once for each scenario with a WebSocket and closes again. Error (Trouble::target) naming the field of the
// answer that was wrong.
void check_websockets(const RequestSet& requests, const Peer& peer, Duration timeout);

}  // namespace burstgate::load

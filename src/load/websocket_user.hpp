// What a virtual user does on its WebSocket, step by step, and how each is accounted for.
#pragma once

#include "load/thread_state.hpp"
#include "load/virtual_user.hpp"
#include "load/websocket_session.hpp"

namespace burstgate::load {

// One iteration: connects when the session is not open, then the script's steps; the first failure ends it. Pauses are
// slept on the user's own `connection`. `arrival`: of the open model, otherwise none; what the iteration does first is
// due then, everything later when the step before it has ended.
Task<Performed> converse(ThreadState& thread, WebSocketSession& session, Connection& connection,
                         const WebSocketScript& script, const Arrival* arrival);

}  // namespace burstgate::load

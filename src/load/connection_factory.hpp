// The right kind of connection for a pool's peer.
#pragma once

#include <memory>

#include "config/plan.hpp"
#include "load/event_loop.hpp"

namespace burstgate::load {

// For the pool's next user. The pool and the loop outlive it.
std::unique_ptr<Connection> make_connection(EventLoop& loop, ConnectionPool& pool, const config::Limits& limits);

}  // namespace burstgate::load

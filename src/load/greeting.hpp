// Before the burst: does the peer speak what the plan says, and is it who it should be? Asked with a connection as the
// burst's will be, which carries no request.
#pragma once

#include <string>
#include <vector>

#include "config/plan.hpp"
#include "load/transport.hpp"
#include "protocol/url.hpp"

namespace burstgate::load {

// How a service is spoken with: its address, and TLS and HTTP/2 where the plan wants them.
struct Road {
  Peer peer;
  int streams = 0;                 // users that share a connection; 0: HTTP/1.1
  std::vector<std::string> notes;  // for the report: what was agreed, and what the service allows less than was asked
};

// Reaches the service (load/preflight.hpp) and greets it. Error (Trouble::target): nothing can be reached, or it does
// not speak TLS or HTTP/2 as configured, or its certificate is refused. Error (Trouble::usage): the plan's certificates
// or key cannot be used.
Road find_road(const config::Plan& plan, const protocol::Url& url);

}  // namespace burstgate::load

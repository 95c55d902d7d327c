// Before the burst: the address that will be used for all of it, and whether this process may open enough descriptors.
#pragma once

#include <cstdint>
#include <string>

#include "load/asio.hpp"
#include "protocol/url.hpp"

namespace burstgate::load {

struct Reached {
  Tcp::endpoint peer;
  std::string text;  // "127.0.0.1:8080"
};

// Resolves the name once and returns the first address that accepts a connection, so that a name with an address
// nobody listens on (localhost -> ::1) costs nothing later. Error (Trouble::target) listing every address tried.
Reached reach(const protocol::Url& url, Duration connect_timeout);

std::string text_of(const Tcp::endpoint& peer);  // "[::1]:8080"

// Raises the soft limit of descriptors as far as allowed. Error (Trouble::usage) when `needed` is still above it.
void ensure_descriptors(std::uint64_t needed);

}  // namespace burstgate::load

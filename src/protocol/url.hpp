// Strict http, https and tcp URLs (RFC 3986 as far as a load target needs it).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace burstgate::protocol {

struct Url {
  std::string scheme;  // "http", "https" or "tcp"
  std::string host;    // as typed, without brackets
  std::uint16_t port = 0;
  bool ipv6_literal = false;
  std::string target = "/";  // path and query

  bool is_tcp() const { return scheme == "tcp"; }  // a port and nothing more is known
  bool is_tls() const { return scheme == "https"; }
  std::string host_header() const;  // "host", "host:8080", "[::1]:8080"
  std::string origin() const;       // "http://host:8080" (the port always shown)
};

// Error (Trouble::usage) with `where`: unknown scheme, tcp without a port, user info, port 0 or above 65535, odd number
// forms of IPv4 addresses (0x7f.1, 010.0.0.1), control characters or blanks, fragment, empty host.
Url parse_url(std::string_view text, const std::string& where);

}  // namespace burstgate::protocol

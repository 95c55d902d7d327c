// Who listens on a TCP port of this machine, as /proc tells.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace burstgate::target {

struct PortOwner {
  pid_t pid = 0;        // 0: not visible to us
  std::string command;  // as far as visible

  std::string text() const;  // "pid 812 (nginx)", "another process"
};

// A port that nobody uses at the moment, from the kernel's range, on 127.0.0.1. Error (E-422).
std::uint16_t free_port();

// The listening sockets' inodes on this port, IPv4 and IPv6.
std::vector<std::uint64_t> listening_inodes(std::uint16_t port);

// Nothing when nobody listens.
std::optional<PortOwner> owner_of(std::uint16_t port);

// The owner of a listening socket on this port, when it is certain that no descendant of `ancestor` listens there.
std::optional<PortOwner> stranger_on(std::uint16_t port, pid_t ancestor);

}  // namespace burstgate::target

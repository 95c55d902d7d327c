// /proc/net/tcp lists sockets with state and inode (proc(5)); /proc/PID/fd/N is a link to "socket:[inode]".
#include "target/port_owner.hpp"

#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/error.hpp"

namespace burstgate::target {

namespace fs = std::filesystem;

namespace {

constexpr const char* listening = "0A";
constexpr int max_depth = 1000;  // of a process tree; a changing one could look like a circle

std::optional<pid_t> pid_named(const std::string& name) {
  pid_t pid = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), pid);
  if (error != std::errc{} || end != name.data() + name.size()) return {};
  return pid;
}

std::vector<pid_t> all_processes() {
  std::vector<pid_t> pids;
  std::error_code error;
  for (fs::directory_iterator entry("/proc", error), end; !error && entry != end; entry.increment(error)) {
    if (const auto pid = pid_named(entry->path().filename().string())) pids.push_back(*pid);
  }
  return pids;
}

pid_t parent_of(pid_t pid) {
  std::ifstream file(fmt::format("/proc/{}/stat", pid));
  std::string text;
  std::getline(file, text);
  const std::size_t end_of_name = text.rfind(')');
  if (end_of_name == std::string::npos) return 0;
  std::istringstream fields(text.substr(end_of_name + 1));
  std::string state;
  pid_t parent = 0;
  fields >> state >> parent;
  return parent;
}

bool descends_from(pid_t pid, pid_t ancestor) {
  for (int depth = 0; pid > 1 && depth < max_depth; ++depth) {
    if (pid == ancestor) return true;
    pid = parent_of(pid);
  }
  return false;
}

enum class Holds { yes, no, unknown };

Holds holds(pid_t pid, const std::vector<std::string>& links) {
  std::error_code error;
  fs::directory_iterator entry(fmt::format("/proc/{}/fd", pid), error);
  if (error) return error == std::errc::no_such_file_or_directory ? Holds::no : Holds::unknown;
  for (const fs::directory_iterator end; !error && entry != end; entry.increment(error)) {
    std::error_code gone;
    const std::string target = fs::read_symlink(entry->path(), gone).string();
    if (!gone && std::find(links.begin(), links.end(), target) != links.end()) return Holds::yes;
  }
  return Holds::no;
}

std::vector<std::string> links_of(const std::vector<std::uint64_t>& inodes) {
  std::vector<std::string> links;
  for (const std::uint64_t inode : inodes) links.push_back(fmt::format("socket:[{}]", inode));
  return links;
}

PortOwner described(pid_t pid) {
  std::ifstream file(fmt::format("/proc/{}/comm", pid));
  std::string command;
  std::getline(file, command);
  return {pid, command};
}

void add_listening_inodes(const char* table, std::uint16_t port, std::vector<std::uint64_t>& inodes) {
  std::ifstream file(table);
  std::string line;
  std::getline(file, line);  // the heading
  const std::string wanted = fmt::format(":{:04X}", port);
  while (std::getline(file, line)) {
    std::istringstream fields(line);
    std::string number, local, remote, state, skipped;
    std::uint64_t inode = 0;
    fields >> number >> local >> remote >> state;
    for (int i = 0; i < 5; ++i) fields >> skipped;
    fields >> inode;
    if (fields && state == listening && local.ends_with(wanted)) inodes.push_back(inode);
  }
}

}  // namespace

std::string PortOwner::text() const {
  return pid == 0 ? "another process" : fmt::format("pid {} ({})", pid, command);
}

std::uint16_t free_port() {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  const bool bound = socket >= 0 && ::bind(socket, generic, size) == 0 && ::getsockname(socket, generic, &size) == 0;
  const int error = errno;
  if (socket >= 0) ::close(socket);
  if (bound) return ntohs(address.sin_port);
  const std::string what = fmt::format("no free port: {} (errno {})", std::strerror(error), error);
  throw Error(Trouble::target, Problem{"E-422", "127.0.0.1", what, "", "", 0});
}

std::vector<std::uint64_t> listening_inodes(std::uint16_t port) {
  std::vector<std::uint64_t> inodes;
  add_listening_inodes("/proc/net/tcp", port, inodes);
  add_listening_inodes("/proc/net/tcp6", port, inodes);
  return inodes;
}

std::optional<PortOwner> owner_of(std::uint16_t port) {
  const auto inodes = listening_inodes(port);
  if (inodes.empty()) return {};
  const auto links = links_of(inodes);
  for (const pid_t pid : all_processes()) {
    if (holds(pid, links) == Holds::yes) return described(pid);
  }
  return PortOwner{};
}

std::optional<PortOwner> stranger_on(std::uint16_t port, pid_t ancestor) {
  const auto links = links_of(listening_inodes(port));
  if (links.empty()) return {};
  std::optional<PortOwner> stranger;
  for (const pid_t pid : all_processes()) {
    const Holds answer = holds(pid, links);
    if (answer == Holds::no) continue;
    // One of ours whose descriptors are hidden (another user, not dumpable) may be the one.
    if (descends_from(pid, ancestor)) return {};
    if (answer == Holds::yes && !stranger) stranger = described(pid);
  }
  return stranger.value_or(PortOwner{});
}

}  // namespace burstgate::target

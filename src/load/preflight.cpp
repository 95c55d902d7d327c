#include "load/preflight.hpp"

#include <fmt/format.h>
#include <sys/resource.h>

#include <boost/asio/connect.hpp>
#include <vector>

#include "base/error.hpp"
#include "base/text.hpp"

namespace burstgate::load {

using std::chrono::milliseconds;

std::string text_of(const Tcp::endpoint& peer) {
  const std::string address = peer.address().to_string();
  return peer.address().is_v6() ? fmt::format("[{}]:{}", address, peer.port())
                                : fmt::format("{}:{}", address, peer.port());
}

namespace {

std::vector<Tcp::endpoint> resolve(const protocol::Url& url) {
  asio::io_context context(1);
  Tcp::resolver resolver(context);
  error_code error;
  const auto found = resolver.resolve(url.host, std::to_string(url.port), error);
  if (error) {
    throw Error(Trouble::target, {.code = "E-301",
                                  .where = url.host,
                                  .what = fmt::format("cannot resolve {}: {}", url.host, error.message()),
                                  .hint = "check the service's url"});
  }
  std::vector<Tcp::endpoint> peers;
  for (const auto& entry : found) peers.push_back(entry.endpoint());
  return peers;
}

error_code try_connect(const Tcp::endpoint& peer, Duration timeout) {
  asio::io_context context(1);
  Tcp::socket socket(context);
  error_code result = asio::error::timed_out;
  socket.async_connect(peer, [&](const error_code& error) { result = error; });
  context.run_for(timeout);
  return result;
}

[[noreturn]] void nothing_reached(const protocol::Url& url, const std::vector<std::string>& attempts, bool refused) {
  throw Error(Trouble::target,
              {.code = "E-302",
               .where = fmt::format("{}:{}", url.host, url.port),
               .what = fmt::format("{}: {}", refused ? "nothing listens" : "cannot connect", join(attempts, ", ")),
               .hint = "start the service first, or let burstgate start it with service.command"});
}

}  // namespace

Reached reach(const protocol::Url& url, Duration connect_timeout) {
  const std::vector<Tcp::endpoint> peers = resolve(url);
  // A first round with little patience, so that a black hole in front of a working address costs little.
  constexpr Duration impatient = milliseconds(250);
  std::vector<std::string> attempts;
  bool refused = true;
  for (const Duration timeout : {std::min(impatient, connect_timeout), connect_timeout}) {
    attempts.clear();
    refused = true;
    for (const auto& peer : peers) {
      const error_code error = try_connect(peer, timeout);
      if (!error) return {peer, text_of(peer)};
      attempts.push_back(fmt::format("{} {}", text_of(peer), error.message()));
      if (error != asio::error::connection_refused) refused = false;
    }
    if (refused) break;
  }
  nothing_reached(url, attempts, refused);
}

void ensure_descriptors(std::uint64_t needed) {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= needed) return;
  const auto allowed = limit.rlim_max;
  limit.rlim_cur = std::min<rlim_t>(allowed, needed);
  setrlimit(RLIMIT_NOFILE, &limit);
  if (allowed >= needed) return;
  throw Error(Trouble::usage, {.code = "E-303",
                               .where = "",
                               .what = fmt::format("need {} descriptors, limit {}", needed, allowed),
                               .hint = fmt::format("run `ulimit -n {}` first, or use fewer users", needed)});
}

}  // namespace burstgate::load

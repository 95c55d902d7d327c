#include "load/greeting.hpp"

#include <fmt/format.h>

#include <boost/asio/co_spawn.hpp>

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/utc_time.hpp"
#include "config/units.hpp"
#include "load/connection_factory.hpp"
#include "load/preflight.hpp"
#include "load/tls_settings.hpp"

namespace burstgate::load {

using measure::Failure;

namespace {

// With TLS 1.3 the service judges our certificate after the handshake; then it closes.
constexpr auto second_thoughts = std::chrono::milliseconds(50);

struct Greeting {
  std::optional<Failure> failure;
  protocol::TlsTrouble trouble;
  std::string agreed;
  std::uint32_t streams_allowed = 0;
};

Task<void> greet(EventLoop& loop, Connection& connection, bool tls, Instant deadline, Timer& limit,
                 Greeting& greeting) {
  const Exchange met = co_await connection.connect(deadline);
  greeting.failure = met.failure;
  if (!met.failure && tls) {
    co_await connection.sleep_until(Clock::now() + second_thoughts);
    if (connection.check_idle() != IdleState::usable) greeting.failure = Failure::tls;
  }
  greeting.trouble = connection.trouble();
  greeting.agreed = connection.agreed();
  greeting.streams_allowed = connection.streams_allowed();
  connection.close();
  limit.cancel();
  loop.readiness.stop();
}

Task<void> limit_time(Timer& limit, Connection& connection) {
  error_code cancelled;
  co_await limit.async_wait(into(cancelled));
  if (!cancelled) connection.stop(StopCause::timeout);
}

Greeting greet(const Peer& peer, int streams, const config::Limits& limits) {
  EventLoop loop;
  ConnectionPool pool;
  pool.peer = peer;
  pool.streams = streams;
  const auto connection = make_connection(loop, pool, limits);
  const Instant deadline = Clock::now() + limits.connect_timeout;
  Timer limit(loop.context.get_executor());
  limit.expires_at(deadline);
  Greeting greeting;
  asio::co_spawn(loop.context, loop.readiness.run(true), rethrow);
  asio::co_spawn(loop.context, greet(loop, *connection, peer.tls != nullptr, deadline, limit, greeting), rethrow);
  asio::co_spawn(loop.context, limit_time(limit, *connection), rethrow);
  loop.context.run();
  return greeting;
}

// The versions outside the configured range that the service would speak.
std::vector<std::string> other_versions(const config::Plan& plan, const protocol::Url& url, const Peer& peer) {
  std::vector<std::string> spoken;
  for (const auto version : {protocol::TlsVersion::v1_2, protocol::TlsVersion::v1_3}) {
    protocol::TlsOptions options = tls_options(plan.service, url);
    if (version >= options.min_version && version <= options.max_version) continue;
    options.verify = false;
    options.min_version = options.max_version = version;
    const Peer other{peer.endpoint, std::make_shared<const protocol::TlsContext>(options)};
    if (!greet(other, 0, plan.limits).failure) {
      spoken.push_back(version == protocol::TlsVersion::v1_2 ? "TLS 1.2" : "TLS 1.3");
    }
  }
  return spoken;
}

[[noreturn]] void refuse(const config::Plan& plan, const protocol::Url& url, const Peer& peer,
                         const Greeting& greeting) {
  protocol::TlsTrouble trouble = greeting.trouble;
  if (greeting.failure == Failure::connect_timeout) {
    trouble = {fmt::format("no {} within {}", peer.tls ? "TLS handshake" : "HTTP/2 settings",
                           config::to_text(plan.limits.connect_timeout)),
               "is it the right port? workload.connect_timeout gives it more time"};
  } else if (trouble.what.empty()) {
    trouble = {"connection closed right after the handshake", "look into the service's log"};
  }
  if (trouble.about_time) {
    const auto now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
    const std::size_t end = std::min(trouble.what.find(';'), trouble.what.size());
    trouble.what.insert(end, fmt::format(" (now {})", to_iso8601(now)));
  }
  if (trouble.about_version) {
    const auto others = other_versions(plan, url, peer);
    trouble.what += fmt::format("; the service speaks {}", others.empty() ? "neither 1.2 nor 1.3" : join(others, ", "));
  }
  throw Error(Trouble::target, {.code = "E-305",
                                .where = fmt::format("{}:{}", url.host, url.port),
                                .what = std::move(trouble.what),
                                .hint = std::move(trouble.hint)});
}

}  // namespace

Road find_road(const config::Plan& plan, const protocol::Url& url) {
  Road road;
  road.peer.tls = tls_context(plan.service, url);
  if (plan.service.http == config::HttpVersion::http2) road.streams = plan.service.streams;
  const Reached reached = reach(url, plan.limits.connect_timeout);
  road.peer.endpoint = reached.peer;
  if (reached.text != url.host + ":" + std::to_string(url.port)) {
    road.notes.push_back(fmt::format("{} was reached at {}", url.host, reached.text));
  }
  if (!road.peer.tls && road.streams == 0) return road;
  const Greeting greeting = greet(road.peer, road.streams, plan.limits);
  if (greeting.failure) refuse(plan, url, road.peer, greeting);
  road.notes.push_back(fmt::format("spoken: {}{}", road.streams > 0 ? "HTTP/2" : "HTTP/1.1",
                                   greeting.agreed.empty() ? "" : " over " + greeting.agreed));
  if (road.streams > 0 && greeting.streams_allowed < static_cast<std::uint32_t>(road.streams)) {
    road.notes.push_back(fmt::format("the service allows {} streams on a connection, asked for are {}: requests wait",
                                     greeting.streams_allowed, road.streams));
  }
  return road;
}

}  // namespace burstgate::load

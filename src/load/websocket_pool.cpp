#include "load/websocket_pool.hpp"

#include <boost/asio/co_spawn.hpp>

namespace burstgate::load {

WebSocketSession& WebSocketPool::of(const Connection& user, const std::shared_ptr<const WebSocketScript>& script,
                                    asio::io_context& context, const Peer& peer, int thread, int threads,
                                    WebSocketAccount& account) {
  auto& session = sessions_[{&user, script->index}];
  if (!session) {
    const auto number = (sessions_.size() - 1) * static_cast<std::size_t>(threads) + static_cast<std::size_t>(thread);
    session = std::make_shared<WebSocketSession>(context, peer, script, number);
    session->resume(account);
  }
  return *session;
}

void WebSocketPool::look(Instant now) {
  for (auto& [key, session] : sessions_) session->look(now);
}

std::uint64_t WebSocketPool::open() const {
  std::uint64_t open = 0;
  for (const auto& [key, session] : sessions_) open += session->is_open();
  return open;
}

void WebSocketPool::cut() {
  for (auto& [key, session] : sessions_) session->stop(StopCause::cut);
}

void WebSocketPool::resume(WebSocketAccount& account) {
  for (auto& [key, session] : sessions_) session->resume(account);
}

void WebSocketPool::park() {
  for (auto& [key, session] : sessions_) session->park();
}

namespace {

Task<void> say_goodbye(std::shared_ptr<WebSocketSession> session) {
  co_await session->close(1000);
}

}  // namespace

void WebSocketPool::begin_closing(asio::io_context& context) {
  for (auto& [key, session] : sessions_) {
    if (session->is_open()) asio::co_spawn(context, say_goodbye(session), rethrow);
  }
}

void WebSocketPool::abandon() {
  for (auto& [key, session] : sessions_) session->abandon();
}

}  // namespace burstgate::load

// One thread's WebSockets to one peer: each user of a connection pool has one for each scenario that needs it. Like the
// pool's connections they may outlast a slice of a paired comparison.
#pragma once

#include <cstdint>
#include <memory>
#include <unordered_map>

#include "load/websocket_session.hpp"

namespace burstgate::load {

class WebSocketPool {
 public:
  WebSocketPool() = default;
  WebSocketPool(const WebSocketPool&) = delete;
  WebSocketPool& operator=(const WebSocketPool&) = delete;
  ~WebSocketPool() { abandon(); }

  // The session of the user with this connection.
  WebSocketSession& of(const Connection& user, const std::shared_ptr<const WebSocketScript>& script,
                       asio::io_context& context, const Peer& peer, int thread, int threads, WebSocketAccount& account);

  void look(Instant now);
  std::uint64_t open() const;
  void cut();
  void resume(WebSocketAccount& account);  // all sessions count there
  void park();
  void begin_closing(asio::io_context& context);  // the closing handshake with every peer; ends within closing_limit
  void abandon();

 private:
  struct Key {
    const Connection* user;
    std::size_t scenario;
    bool operator==(const Key&) const = default;
  };
  struct Hash {
    std::size_t operator()(const Key& key) const {
      return std::hash<const void*>{}(key.user) ^ (key.scenario * 0x9e3779b97f4a7c15ull);
    }
  };
  std::unordered_map<Key, std::shared_ptr<WebSocketSession>, Hash> sessions_;
};

}  // namespace burstgate::load

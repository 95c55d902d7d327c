// A user's WebSocket: the connection of now, what was asked on it and what came. Messages are read as they come,
// whether somebody waits for one or not, so that pings are answered and what nobody waited for is counted. Deadlines
// are looked at by the thread's tick, as with Connection.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "load/connection.hpp"
#include "load/waiter.hpp"
#include "load/websocket_account.hpp"
#include "load/websocket_script.hpp"
#include "load/websocket_stream.hpp"

namespace burstgate::load {

class WebSocketSession : public std::enable_shared_from_this<WebSocketSession> {
 public:
  // `user`: tells the ids of its messages from all others', see Conversation.
  WebSocketSession(asio::io_context& context, const Peer& peer, std::shared_ptr<const WebSocketScript> script,
                   std::uint64_t user);

  bool is_open() const { return open_; }

  Task<Handshake> open(Instant deadline);
  // Sends the step's message, if it has one, and waits for the step's reply, if it awaits one. Where that did not come
  // and could be mistaken for the next one, the connection is closed.
  Task<Exchange> exchange(const MessageStep& step, Instant deadline);
  // The closing handshake, bounded; the connection is closed afterwards either way.
  Task<void> close(int code);

  Instant replied_at() const { return replied_at_; }  // of the last exchange that went well

  // Of each tick: the deadline, the heartbeat, floods of pings, connections that the peer closed but did not let go.
  void look(Instant now);
  void stop(StopCause cause);

  // For another burst, or another slice of one; nothing is counted in between.
  void resume(WebSocketAccount& account);
  void park() { account_ = nullptr; }
  void abandon();  // closes the connection now, unasked

 private:
  static Task<void> read_messages(std::shared_ptr<WebSocketSession> self, std::shared_ptr<WebSocketStream> stream);
  void received(std::string_view bytes, Instant now);
  void read_drops(IncomingMessage& message, Instant now);
  void told(WebSocketStream::Control control);
  void ended(measure::Failure failure);
  void let_go();
  void look_at_heartbeat(Instant now);
  void lost();

  asio::io_context& context_;
  const Peer& peer_;
  const std::shared_ptr<const WebSocketScript> script_;
  WebSocketAccount* account_ = nullptr;
  Conversation conversation_;
  Waiter waiter_;
  Timer late_reader_;

  std::shared_ptr<WebSocketStream> stream_;
  bool open_ = false;
  bool busy_ = false;  // connecting, writing or closing: only abort() ends these
  bool peer_closed_ = false;
  measure::Failure end_ = measure::Failure::closed;  // why the connection is not open
  StopCause stopped_ = StopCause::none;
  std::optional<Instant> deadline_;

  std::shared_ptr<WebSocketStream> leaving_;  // the peer closed it; it ends by itself, or soon by us
  Instant leave_by_;

  Instant next_ping_;
  bool pong_is_due_ = false;
  Instant ping_count_until_;
  int pings_received_ = 0;

  double drops_ = 0;  // last reading on this connection
  Instant replied_at_;
  std::string outgoing_;
};

inline constexpr std::chrono::milliseconds closing_limit{500};  // for the peer's part of the closing handshake
inline constexpr int max_pings_per_s = 1000;                    // more than that is a flood: a protocol error

}  // namespace burstgate::load

// One TCP (or TLS) connection that speaks HTTP/2, and the exchanges on its streams. It works on what happens to its
// socket without a coroutine of its own, so that it may stay open between two bursts.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>

#include "load/remarks.hpp"
#include "load/transport.hpp"
#include "protocol/http2.hpp"

namespace burstgate::load {

class Http2Link {
 public:
  // What the link tells of: an exchange that has ended, and one of which something came.
  struct Listener {
    std::function<void(protocol::Http2Exchange&)> noticed;
    std::function<void(protocol::Http2Exchange&)> ended;
    std::function<void()> ready;  // or broken, before it was: is_open() tells
  };

  Http2Link(asio::io_context& context, Readiness& readiness, const Peer& peer, const protocol::ResponseLimits& limits,
            std::span<char> read_buffer, Remarks& remarks, Listener listener);

  // Connects and sends the preface; what the service says to it comes later: listener.ready.
  Task<std::optional<measure::Failure>> connect();
  void interrupt() { transport_.interrupt(); }
  void abandon();  // of a connection that nobody uses yet

  bool is_open() const { return transport_.is_open() && session_.has_value(); }
  bool is_ready() const { return is_open() && session_->is_ready(); }
  bool takes_more() const { return is_ready() && session_->takes_more(); }
  // Nothing of it is in use, and it is not just telling somebody something.
  bool is_free() const { return !transport_.is_open() && !busy_ && !connecting_; }
  bool went_away() const { return session_ && session_->went_away(); }
  std::uint32_t streams_allowed() const { return session_ ? session_->streams_allowed() : 0; }
  std::size_t under_way() const { return session_ ? session_->under_way() : 0; }

  bool submit(protocol::Http2Exchange& exchange, const std::vector<protocol::Field>& fields, bool lasting,
              std::string_view body);
  void cancel(protocol::Http2Exchange& exchange);

  protocol::TlsTrouble trouble() const;
  std::string agreed() const { return transport_.negotiated(); }

 private:
  void happened(bool peer_closes);
  void read_all(bool to_the_end);
  void tell();
  void flush();
  void give_up();

  Transport transport_;
  protocol::ResponseLimits limits_;
  Remarks& remarks_;
  Listener listener_;
  std::optional<protocol::Http2Session> session_;
  std::string unsent_;  // taken from the session, not yet by the socket
  std::vector<protocol::Http2Exchange*> telling_;
  bool busy_ = false;  // inside happened(): what is submitted now is sent at its end
  bool connecting_ = false;
  bool was_ready_ = false;
};

}  // namespace burstgate::load

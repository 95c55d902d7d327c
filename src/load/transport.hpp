// The bytes of one connection: over TCP, or over TLS over TCP.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "load/asio.hpp"
#include "load/readiness.hpp"
#include "measure/measurement.hpp"
#include "protocol/tls.hpp"

namespace burstgate::load {

// Whom to connect to. Outlives its transports.
struct Peer {
  Tcp::endpoint endpoint;
  std::shared_ptr<const protocol::TlsContext> tls;  // none: cleartext
};

// What one look at the socket brought.
struct Received {
  enum class Kind {
    bytes,
    part,         // of a TLS record: look again
    would_block,  // wait until something happens
    end,          // orderly: TLS said so, or there is no TLS
    truncated,    // the peer closed without TLS's farewell
    reset,
    tls_failed,
  };
  Kind kind;
  std::string_view bytes{};  // until the next look, of whichever transport of this thread
  bool was_all = true;       // that the socket held, as far as can be told
};

class Transport {
 public:
  // `buffer` is shared by all transports of a thread: it is only used between two waits.
  Transport(asio::io_context& context, Readiness& readiness, const Peer& peer, std::span<char> buffer);

  bool is_open() const { return stream_.is_open(); }
  Stream& stream() { return stream_; }

  // Connects, and shakes hands where TLS is spoken, after closing what was open. Nothing: connected.
  Task<std::optional<measure::Failure>> connect();
  void close();
  void interrupt();  // ends connect() (with connect_timeout) or a wait of the stream's, soon

  // Writes what the socket takes and removes it from `bytes`; true when all is on its way. A peer that refuses it may
  // still have said why, so an error is left for reading to find.
  bool send_now(std::string_view& bytes);

  Received receive();
  // Bytes that were received but not looked at: look before waiting, or let them go.
  bool has_more() const { return tls_ && tls_->has_unread(); }

  // Whether nothing unexpected has happened to an idle connection.
  Received look_idle();

  bool is_tls() const { return tls_ != nullptr; }
  bool is_resumed() const { return tls_ && tls_->resumed(); }
  std::string negotiated() const { return tls_ ? tls_->negotiated() : std::string(); }
  const protocol::TlsTrouble& trouble() const { return trouble_; }  // after Failure::tls and Received::Kind::tls_failed

 private:
  Task<std::optional<measure::Failure>> connect_tcp();
  Task<std::optional<measure::Failure>> shake_hands();
  bool flush_tls();
  std::string_view write_now(std::string_view bytes);
  Received receive_tls();
  Received decrypt();

  Socket connecting_;  // only until it is connected
  Readiness& readiness_;
  Stream stream_;
  const Peer& peer_;
  std::span<char> buffer_;
  std::unique_ptr<protocol::TlsSession> tls_;
  protocol::TlsTicket ticket_;
  protocol::TlsTrouble trouble_;
  bool interrupted_ = false;
  bool emptied_ = true;  // the socket, when the records that are being decrypted were received
};

}  // namespace burstgate::load

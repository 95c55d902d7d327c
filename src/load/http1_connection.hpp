// HTTP/1.1 over TCP, or over TLS.
#pragma once

#include <span>

#include "load/connection.hpp"
#include "load/remarks.hpp"
#include "load/transport.hpp"
#include "protocol/event_stream.hpp"
#include "protocol/http1.hpp"

namespace burstgate::load {

class Http1Connection final : public Connection {
 public:
  Http1Connection(asio::io_context& context, Readiness& readiness, const Peer& peer,
                  const protocol::ResponseLimits& limits, protocol::HeadCache& heads, std::span<char> read_buffer,
                  Remarks& remarks);

  bool is_open() const override { return transport_.is_open(); }
  Task<Exchange> connect(Instant deadline) override;
  Task<Exchange> exchange(const Outgoing& request, Instant deadline) override;
  IdleState check_idle() override;
  void close() override { transport_.close(); }
  Answer answer() const override;
  protocol::TlsTrouble trouble() const override { return transport_.trouble(); }
  std::string agreed() const override { return transport_.negotiated(); }

 private:
  void wake() override { transport_.interrupt(); }
  void start(const Outgoing& request);
  Task<std::optional<measure::Failure>> send_rest(std::string_view bytes);
  enum class Read { progress, would_block };
  Read read_once(std::optional<measure::Failure>& failure);
  void note_progress();
  bool is_answered() const { return reader_.complete() || (has_events_ && events_.done()); }

  Transport transport_;
  protocol::ResponseReader reader_;
  protocol::EventReader events_;
  bool has_events_ = false;  // the answer is a stream of them
  bool peer_ended_ = false;
  Instant first_byte_;
  Instant first_event_;
  Remarks& remarks_;
};

}  // namespace burstgate::load

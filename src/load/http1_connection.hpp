// HTTP/1.1 over TCP.
#pragma once

#include <span>

#include "load/connection.hpp"
#include "load/readiness.hpp"
#include "protocol/http1.hpp"

namespace burstgate::load {

class Http1Connection final : public Connection {
 public:
  Http1Connection(asio::io_context& context, Readiness& readiness, const Tcp::endpoint& peer,
                  const protocol::ResponseLimits& limits, protocol::HeadCache& heads, std::span<char> read_buffer);

  bool is_open() const override { return stream_.is_open(); }
  Task<Exchange> connect(Instant deadline) override;
  Task<Exchange> exchange(const Outgoing& request, Instant deadline) override;
  IdleState check_idle() override;
  void close() override;
  Answer answer() const override;

 private:
  void wake() override;
  std::string_view send_now(std::string_view bytes);
  Task<std::optional<measure::Failure>> send_rest(std::string_view bytes);
  enum class Read { progress, would_block };
  Read read_once(std::optional<measure::Failure>& failure);

  Socket connecting_;  // only until it is connected
  Readiness& readiness_;
  Stream stream_;
  const Tcp::endpoint& peer_;
  protocol::ResponseReader reader_;
  std::span<char> read_buffer_;  // shared by all connections of the thread; only used between two waits
};

}  // namespace burstgate::load

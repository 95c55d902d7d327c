// A blocking connection for one question, in cleartext or over TLS, that ends in time.
#pragma once

#include <netdb.h>

#include <chrono>
#include <memory>
#include <string>

#include "base/descriptor.hpp"
#include "protocol/tls.hpp"

namespace burstgate::target {

class ProbeSocket {
 public:
  using Clock = std::chrono::steady_clock;

  // `tls`: none for cleartext; outlives the socket.
  ProbeSocket(const addrinfo& address, Clock::time_point end, const protocol::TlsContext* tls);

  // Each returns an error text, empty when all is well.
  std::string connect(const addrinfo& address);  // and shakes hands
  std::string send(std::string_view bytes);
  std::string receive(std::string& bytes);  // at least one more

  // Reads what is left, so that the service does not meet a reset; not for long, it may keep the connection open.
  void drain();

 private:
  std::string connect_tcp(const addrinfo& address);
  std::string shake_hands();
  std::string send_all(std::string_view bytes);
  std::string receive_some(std::string& bytes);  // empty bytes: the end
  std::string flush_tls();
  bool ready(short events);

  Descriptor descriptor_;
  Clock::time_point end_;
  const protocol::TlsContext* context_;
  protocol::TlsTicket ticket_;
  std::unique_ptr<protocol::TlsSession> tls_;
  std::string records_;  // being decrypted
};

}  // namespace burstgate::target

// A blocking TCP client for tests of servers: bytes out, bytes in, nothing hidden.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace burstgate::test {

class RawClient {
 public:
  // Connects to 127.0.0.1; connected() says whether it worked within the time.
  explicit RawClient(std::uint16_t port, std::chrono::milliseconds within = std::chrono::seconds{10});
  ~RawClient();
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  bool connected() const { return connected_; }
  bool send(std::string_view bytes);
  // One whole response with Content-Length (none: no body); empty at the end of the stream or after 20 s without bytes.
  std::string response(bool to_head = false);
  // Everything until the end of the stream or an error; errno_value() tells which (0: end of the stream).
  std::string rest();
  int errno_value() const { return errno_; }
  void shutdown_wr();

  // "GET path" on this connection, and its response.
  std::string get(const std::string& path);

 private:
  bool receive();

  int descriptor_ = -1;
  bool connected_ = false;
  int errno_ = 0;
  std::string received_;
};

int status_of(const std::string& response);
std::string body_of(const std::string& response);

}  // namespace burstgate::test

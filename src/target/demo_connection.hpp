// One client's connection to the built-in service: read a request, spend its service time, answer, record.
#pragma once

#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/http/verb.hpp>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "target/capacity_gate.hpp"
#include "target/demo_service.hpp"
#include "target/draws.hpp"
#include "target/service_record.hpp"

namespace burstgate::target {

// An answer's bytes. Almost all requests get `whole` as it stands; the parts are for HEAD and for other connection
// rules.
class DemoAnswer {
 public:
  // `fields`: further ones, each with its line end.
  DemoAnswer(int status, std::string_view content_type, std::string body, std::string_view fields = "");

  enum class Connection { keep_alive, close, keep_alive_1_0 };
  const std::string& whole() const { return whole_; }
  std::string with(Connection connection, bool body) const;

 private:
  std::string head_;  // status line and fields, without the empty line
  std::string body_;
  std::string whole_;
};

// An endpoint with what serving it needs.
struct ServedEndpoint {
  ServedEndpoint(const DemoEndpoint& endpoint, std::uint64_t seed, std::uint64_t index);

  DemoEndpoint spec;
  DemoAnswer answer;
  DemoAnswer error_answer;
  Draws time_draws;
  Draws error_draws;
  std::atomic<std::uint64_t> drawn{0};  // requests so far
};

// What all threads of the service share.
struct DemoState {
  DemoState(const DemoOptions& given, const std::atomic<bool>& stop_flag);

  const DemoOptions& options;
  const std::atomic<bool>& stop;
  std::vector<std::unique_ptr<ServedEndpoint>> endpoints;
  ServiceRecord record;
  CapacityGate gate;
  std::atomic<std::uint64_t> logins{0};
};

// Serves the connection until it ends. Runs on the thread with this number.
boost::asio::awaitable<void> serve_connection(DemoState& state, int thread, boost::asio::ip::tcp::socket socket);

}  // namespace burstgate::target

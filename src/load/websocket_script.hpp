// What is said on a scenario's WebSocket, rendered once before the burst, and which of the messages that come is the
// one that is waited for. No sockets, no clock.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/plan.hpp"
#include "load/clock.hpp"
#include "protocol/url.hpp"

namespace burstgate::load {

// A message with a place for the id of each sending, if it has one.
struct OutgoingMessage {
  std::string before_id;  // all of it without an id
  std::string after_id;
  bool has_id = false;
  bool binary = false;

  // The bytes to send; `scratch` holds them when they vary.
  std::string_view with_id(std::uint64_t id, std::string& scratch) const;
};

// A message that came, parsed at most once, and only when somebody wants to know.
class IncomingMessage {
 public:
  explicit IncomingMessage(std::string_view bytes) : bytes_(bytes) {}

  // The value at that place; nothing when there is none, or no JSON at all.
  const nlohmann::json* at(const nlohmann::json::json_pointer& place);
  std::optional<double> number_at(const nlohmann::json::json_pointer& place);

 private:
  std::string_view bytes_;
  std::optional<nlohmann::json> document_;
};

struct ReplyPattern {
  std::vector<std::pair<nlohmann::json::json_pointer, nlohmann::json>> values;
  std::optional<nlohmann::json::json_pointer> id;  // where the reply carries the id of the message
};

struct MessageStep {
  std::optional<OutgoingMessage> send;
  std::optional<ReplyPattern> await;
  std::size_t endpoint = 0;  // of the awaited message
  Duration wait{0};
  std::optional<int> close_code;
};

struct DropPlace {
  nlohmann::json::json_pointer place;
  config::DropFigure::Kind kind = config::DropFigure::Kind::connection;
};

// A scenario's connection and steps; constant during the burst.
struct WebSocketScript {
  std::size_t index = 0;  // of the scenario
  std::string host;       // header field, unless `headers` has one
  std::string target;
  std::vector<std::pair<std::string, std::string>> headers;
  std::vector<std::string> subprotocols;
  std::optional<Duration> heartbeat;
  Duration read_delay{0};
  std::optional<DropPlace> drops;
  bool per_iteration = false;
  std::uint64_t max_message_bytes = 0;
  std::size_t largest_sent_bytes = 0;
  std::size_t connect_endpoint = 0;
  std::size_t first_message_endpoint = 0;  // the connect endpoint when nothing is awaited
  std::vector<MessageStep> steps;
};

// `scenario`: its index. `endpoint_of` gives each endpoint's name its index.
std::shared_ptr<const WebSocketScript> render_websocket(
    const config::WebSocket& socket, std::size_t scenario, const protocol::Url& url,
    const std::function<std::size_t(const std::string&)>& endpoint_of);

// ---- which message is the awaited one ----

enum class Fit {
  awaited,
  passed_over,  // came while another one is awaited: progress, news for all
  late,         // carries the id of a message that was given up
  duplicate,    // carries the id of a message that has its reply
  unexpected,   // nobody waits for anything, or it carries somebody else's id
};

// What was asked on one user's connections, and what came back. Ids are unique among all users of a burst.
class Conversation {
 public:
  // `user`: below 2^20.
  explicit Conversation(std::uint64_t user) : user_(user) {}

  std::uint64_t next_id() { return user_ << id_bits | ++sent_; }
  // From now on this is waited for; `id`: of the message that was sent, when the pattern has a place for it.
  void expect(const ReplyPattern& pattern, std::uint64_t id);
  bool waits() const { return waiting_; }
  // Whether a reply to another message could be taken for the awaited one.
  bool takes_any_id() const { return pattern_ != nullptr && !pattern_->id; }
  Fit fit(IncomingMessage& message);  // ends the waiting when it is the awaited one
  void give_up();                     // the reply is lost

 private:
  static constexpr int id_bits = 32;
  static constexpr std::size_t remembered_losses = 64;

  std::optional<Fit> fit_of_id(IncomingMessage& message) const;

  std::uint64_t user_;
  std::uint64_t sent_ = 0;
  const ReplyPattern* pattern_ = nullptr;  // the last one
  std::uint64_t id_ = 0;
  bool waiting_ = false;
  std::deque<std::uint64_t> lost_;
};

}  // namespace burstgate::load

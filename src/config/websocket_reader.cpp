#include "config/websocket_reader.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "config/http_words.hpp"
#include "config/json_place.hpp"
#include "config/step_reader.hpp"

namespace burstgate::config {

namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

constexpr DurationRange heartbeats{milliseconds(10), hours(1)};
constexpr DurationRange delays{microseconds(0), hours(1)};
constexpr std::uint64_t most_message_bytes = 1ull << 30;

std::optional<DropFigure> read_drops(const Value& value, Mistakes& mistakes) {
  DropFigure drops;
  if (value.kind == Value::Kind::scalar) {
    drops.pointer = read_json_place(value, "drops", mistakes).value_or("");
    return drops.pointer.empty() ? std::nullopt : std::optional(drops);
  }
  const auto read_kind = [&](const Entry& entry) {
    const auto word = read_line(entry.value, "kind", mistakes);
    if (word == "connection") {
      drops.kind = DropFigure::Kind::connection;
    } else if (word == "service") {
      drops.kind = DropFigure::Kind::service;
    } else if (word == "level") {
      drops.kind = DropFigure::Kind::level;
    } else if (word) {
      mistakes.add("E-105", entry.value.place, fmt::format("kind: unknown word '{}'", elided(*word, 60)),
                   "connection or service for a counter, level for a queue's length");
    }
  };
  const auto read_at = [&](const Entry& entry) {
    drops.pointer = read_json_place(entry.value, "at", mistakes).value_or("/");
  };
  if (!read_mapping(value, "drops", {{"at", read_at}, {"kind", read_kind}}, mistakes)) return std::nullopt;
  if (drops.pointer.empty()) mistakes.add("E-107", value.place, "drops without a place", "write at: /stats/dropped");
  return drops.pointer.empty() ? std::nullopt : std::optional(drops);
}

void read_subprotocols(const Value& value, WebSocket& socket, Mistakes& mistakes) {
  read_items(
      value, "subprotocols",
      [&](const Value& item) {
        const auto name = read_line(item, "subprotocols", mistakes);
        if (!name) return;
        if (header_name_trouble(*name)) {  // both are tokens
          mistakes.add("E-105", item.place, fmt::format("'{}' cannot be a subprotocol's name", elided(*name, 60)),
                       "letters, digits and !#$%&'*+-.^_`|~");
        } else if (std::find(socket.subprotocols.begin(), socket.subprotocols.end(), *name) !=
                   socket.subprotocols.end()) {
          mistakes.add("E-103", item.place, fmt::format("the subprotocol '{}' is here twice", elided(*name, 60)));
        } else {
          socket.subprotocols.push_back(*name);
        }
      },
      mistakes);
}

// These are the handshake itself.
void refuse_handshake_headers(const std::vector<Header>& headers, const Place& place, Mistakes& mistakes) {
  for (const Header& header : headers) {
    for (const std::string_view own : {"Upgrade", "Sec-WebSocket-Key", "Sec-WebSocket-Version",
                                       "Sec-WebSocket-Protocol", "Sec-WebSocket-Extensions", "Sec-WebSocket-Accept"}) {
      if (!same_header(header.name, own)) continue;
      const bool protocol = same_header(own, "Sec-WebSocket-Protocol");
      mistakes.add("E-119", place, fmt::format("the header '{}' is set by burstgate", header.name),
                   protocol ? "use subprotocols" : "");
    }
  }
}

// The mapping's keys as they are met.
class SocketReader {
 public:
  SocketReader(WebSocketDraft& draft, const Reading& reading)
      : draft_(draft), reading_(reading), mistakes_(reading.mistakes) {}

  void read(const Value& value) {
    if (value.kind == Value::Kind::scalar) return read_path(value);
    WebSocket& socket = draft_.socket;
    Place delay_place;
    const bool readable = read_mapping(
        value, "websocket",
        {{"path", [&](const Entry& e) { read_path(e.value); }},
         {"headers", [&](const Entry& e) { read_own_headers(e.value); }},
         {"subprotocols", [&](const Entry& e) { read_subprotocols(e.value, socket, mistakes_); }},
         {"heartbeat",
          [&](const Entry& e) { socket.heartbeat = read_duration(e.value, "heartbeat", heartbeats, mistakes_); }},
         {"read_delay",
          [&](const Entry& e) {
            delay_place = e.value.place;
            socket.read_delay = read_duration(e.value, "read_delay", delays, mistakes_).value_or(socket.read_delay);
          }},
         {"drops", [&](const Entry& e) { socket.drops = read_drops(e.value, mistakes_); }},
         {"connection", [&](const Entry& e) { read_connection(e.value); }},
         {"max_message_bytes",
          [&](const Entry& e) {
            socket.max_message_bytes =
                read_bytes(e.value, e.key, 1, most_message_bytes, mistakes_).value_or(socket.max_message_bytes);
          }}},
        mistakes_);
    if (readable && !path_given_) {
      mistakes_.add("E-107", value.place, "a websocket without path", "write path: /ws");
    }
    // A pong waits behind what is read late.
    if (socket.heartbeat && socket.read_delay >= *socket.heartbeat) {
      mistakes_.add("E-106", delay_place, "read_delay is not shorter than the heartbeat",
                    "who reads this late would miss its pong");
    }
  }

 private:
  void read_path(const Value& value) {
    path_given_ = true;
    const auto path = read_text(value, "websocket", mistakes_);
    Step step;
    if (!path || !set_target(step, *path, value.place, reading_)) return;
    draft_.socket.target = step.target;
    draft_.socket.target_shown = step.target_shown;
  }

  void read_own_headers(const Value& value) {
    draft_.socket.headers = read_headers(value, reading_);
    refuse_handshake_headers(draft_.socket.headers, value.place, mistakes_);
  }

  void read_connection(const Value& value) {
    const auto word = read_line(value, "connection", mistakes_);
    if (!word) return;
    draft_.socket.per_iteration = word == "per_iteration";
    if (word == "per_user" || word == "per_iteration") return;
    mistakes_.add("E-105", value.place, fmt::format("connection: unknown word '{}'", elided(*word, 60)),
                  "per_user keeps it from iteration to iteration, per_iteration opens one for each");
  }

  WebSocketDraft& draft_;
  const Reading& reading_;
  Mistakes& mistakes_;
  bool path_given_ = false;
};

}  // namespace

WebSocketDraft read_websocket(const Value& value, const Reading& reading) {
  WebSocketDraft draft;
  SocketReader(draft, reading).read(value);
  return draft;
}

void name_endpoints(WebSocket& socket, const std::string& scenario) {
  socket.connect_name = scenario + " connect";
  int messages = 0;
  for (WebSocketStep& step : socket.steps) {
    if (!step.await) continue;
    ++messages;
    if (!step.await->name.empty()) continue;
    step.await->name = messages == 1 ? scenario + " message" : fmt::format("{} message {}", scenario, messages);
  }
}

}  // namespace burstgate::config

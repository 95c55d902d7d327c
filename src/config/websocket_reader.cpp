// What can be known beforehand is checked here: an id needs a place in a JSON message, a JSON pointer its form, a close
// code one that an endpoint may send (RFC 6455, 7.4).
#include "config/websocket_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "config/http_words.hpp"
#include "config/json_body.hpp"
#include "config/step_reader.hpp"

namespace burstgate::config {

namespace {

using Json = nlohmann::ordered_json;
using std::chrono::hours;
using std::chrono::milliseconds;

constexpr DurationRange heartbeats{milliseconds(10), hours(1)};
constexpr DurationRange delays{microseconds(0), hours(1)};
constexpr std::uint64_t most_message_bytes = 1ull << 30;
constexpr std::uint64_t most_sent_bytes = 16u << 20;

// "/a/0/b": RFC 6901. Reported when it is not one, or the empty one.
std::optional<std::string> read_pointer(const std::string& text, const Place& place, std::string_view what,
                                        Mistakes& mistakes) {
  try {
    if (!Json::json_pointer(text).empty()) return text;
  } catch (const Json::exception&) {
  }
  mistakes.add("E-105", place, fmt::format("{}: '{}' is not a place in a JSON message", what, elided(text, 60)),
               "a JSON pointer such as /type or /items/0/id");
  return std::nullopt;
}

std::optional<std::string> read_pointer(const Value& value, std::string_view what, Mistakes& mistakes) {
  const auto text = read_line(value, what, mistakes);
  return text ? read_pointer(*text, value.place, what, mistakes) : std::nullopt;
}

std::optional<DropFigure> read_drops(const Value& value, Mistakes& mistakes) {
  DropFigure drops;
  if (value.kind == Value::Kind::scalar) {
    drops.pointer = read_pointer(value, "drops", mistakes).value_or("");
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
    drops.pointer = read_pointer(entry.value, "at", mistakes).value_or("/");
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

// ---- steps ----

// "00 ff 7f": bytes in pairs of hexadecimal digits, blanks between them as one likes.
std::optional<std::string> bytes_of_hex(const std::string& text) {
  std::string bytes;
  int high = -1;
  for (const char c : text) {
    if (c == ' ' || c == '\n') continue;
    const auto digit = std::string_view("0123456789abcdef").find(c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c);
    if (digit == std::string_view::npos) return std::nullopt;
    if (high < 0) {
      high = static_cast<int>(digit);
    } else {
      bytes += static_cast<char>(high * 16 + static_cast<int>(digit));
      high = -1;
    }
  }
  return high < 0 ? std::optional(bytes) : std::nullopt;
}

// RFC 6455, 7.4: what an endpoint may send. 1004 to 1006 and 1015 are never on the wire.
bool may_be_sent(std::int64_t code) {
  return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) || (code >= 3000 && code <= 4999);
}

class StepReader {
 public:
  StepReader(WebSocketDraft& draft, const Reading& reading)
      : draft_(draft), reading_(reading), mistakes_(reading.mistakes) {}

  void read(const Value& value) {
    place_ = value.place;
    const auto wait = [&](const Entry& e) {
      act(e);
      step_.wait = read_duration(e.value, "wait", delays, mistakes_).value_or(step_.wait);
    };
    const auto id = [&](const Entry& e) {
      id_ = Placed<std::string>{read_pointer(e.value, "id", mistakes_).value_or(""), e.value.place};
    };
    const bool readable = read_mapping(value, "a step of a websocket",
                                       {{"send", [&](const Entry& e) { act(e), read_send(e.value); }},
                                        {"send_hex", [&](const Entry& e) { act(e), read_hex(e.value); }},
                                        {"id", id},
                                        {"await", [&](const Entry& e) { read_await(e.value); }},
                                        {"name", [&](const Entry& e) { read_name(e.value); }},
                                        {"wait", wait},
                                        {"close", [&](const Entry& e) { act(e), read_close(e.value); }}},
                                       mistakes_);
    if (!readable) return;
    complete(value);
    draft_.socket.steps.push_back(std::move(step_));
    draft_.step_places.push_back(place_);
  }

 private:
  // What a step does: one thing.
  void act(const Entry& entry) {
    if (act_.empty()) {
      act_ = entry.key;
    } else {
      mistakes_.add("E-106", entry.place, fmt::format("'{}' beside '{}' in one step", entry.key, act_),
                    "write a step for each");
    }
  }

  void read_send(const Value& value) {
    std::optional<Secretive> payload;
    if (value.kind == Value::Kind::scalar) {
      const auto text = read_text(value, "send", mistakes_);
      if (text) payload = filled_in(*text, value.place, reading_);
    } else {
      payload = json_body(value, reading_);
      json_ = true;
    }
    if (payload) keep_payload(std::move(*payload), false, value.place);
  }

  void read_hex(const Value& value) {
    Value digits = value;
    digits.quoted = value.kind == Value::Kind::scalar;  // 00 and 1e3 are as good here as any other
    const auto text = read_text(digits, "send_hex", mistakes_);
    if (!text) return;
    if (const auto bytes = bytes_of_hex(*text)) return keep_payload({*bytes, *text}, true, value.place);
    mistakes_.add("E-105", value.place, "send_hex: not bytes in pairs of hexadecimal digits", "such as 00 ff 7f");
  }

  void keep_payload(Secretive payload, bool binary, const Place& place) {
    if (payload.text.size() > most_sent_bytes) {
      mistakes_.add("E-105", place, fmt::format("a message of more than {} bytes", most_sent_bytes));
      return;
    }
    step_.send = WebSocketMessage{std::move(payload), binary, ""};
  }

  void read_await(const Value& value) {
    step_.await.emplace();
    if (value.kind == Value::Kind::scalar) {
      const auto word = read_line(value, "await", mistakes_);
      if (word && *word != "any") {
        mistakes_.add("E-105", value.place, fmt::format("await: unknown word '{}'", elided(*word, 60)),
                      "any, or places and values such as {/type: final}");
      }
      return;
    }
    const auto read_one = [&](const Entry& entry) {
      const auto pointer = read_pointer(entry.key, entry.place, "await", mistakes_);
      const bool scalar = entry.value.kind == Value::Kind::scalar || entry.value.kind == Value::Kind::null;
      if (!scalar) mistakes_.add("E-102", entry.value.place, "await: expected a text, a number, true, false or null");
      const auto json = scalar ? json_body(entry.value, reading_) : std::nullopt;
      if (pointer && json) step_.await->values.emplace_back(*pointer, *json);
    };
    if (value.kind == Value::Kind::mapping && value.entries.empty()) {
      mistakes_.add("E-102", value.place, "await: no places", "any waits for whatever comes");
    }
    read_entries(value, "await", read_one, mistakes_);
  }

  void read_name(const Value& value) {
    const auto name = read_line(value, "name", mistakes_);
    if (!name) return;
    name_ = *name;
    place_ = value.place;
    if (name_.size() > max_name_bytes) {
      mistakes_.add("E-105", value.place, fmt::format("name: longer than {} bytes", max_name_bytes));
    }
  }

  void read_close(const Value& value) {
    const auto code = read_integer(value, "close", {1000, 4999}, mistakes_);
    if (!code) return;
    if (may_be_sent(*code)) {
      step_.close_code = static_cast<int>(*code);
      return;
    }
    mistakes_.add("E-105", value.place, fmt::format("close: {} is a code that nobody may send", *code),
                  "1000 is a normal end; 3000 to 4999 are the application's own");
  }

  void complete(const Value& value) {
    const auto& before = draft_.socket.steps;
    if (!before.empty() && before.back().close_code) {
      mistakes_.add("E-106", value.place, "a step after close", "what comes then is the next iteration's");
    }
    if (act_.empty() && !step_.await && !id_) {
      mistakes_.add("E-107", value.place, "a step that does nothing",
                    "write one of send, send_hex, await, wait, close");
    }
    const bool sends = act_.empty() || act_ == "send" || act_ == "send_hex";
    if (step_.await && !sends)
      mistakes_.add("E-106", value.place, fmt::format("await beside '{}' in one step", act_), "write a step for each");
    if (id_) add_id();
    if (!name_.empty() && !step_.await) {
      mistakes_.add("E-106", place_, "name: in a step that awaits nothing", "what is measured has a name");
    }
    if (step_.await) step_.await->name = name_;
  }

  void add_id() {
    if (!step_.await) step_.await.emplace();
    if (!json_) {
      mistakes_.add("E-106", id_->place, "id: without a JSON message to carry it", "write send: {id: 0, ...}");
    }
    if (!json_ || !step_.send || id_->value.empty()) return;  // reported
    // There must be something at that place, and it must be an object's: the id takes its place.
    const Json message = Json::parse(step_.send->payload.text);
    const Json::json_pointer place(id_->value);
    if (message.contains(place) && message.at(place).is_primitive()) {
      step_.send->id_pointer = id_->value;
      return;
    }
    mistakes_.add("E-106", id_->place, fmt::format("id: the message has no value at {}", elided(id_->value, 60)),
                  "write 0 or \"\" there: the id takes its place, as a number or as text");
  }

  WebSocketDraft& draft_;
  const Reading& reading_;
  Mistakes& mistakes_;
  WebSocketStep step_;
  std::string act_;
  std::string name_;
  std::optional<Placed<std::string>> id_;
  bool json_ = false;
  Place place_;
};

}  // namespace

WebSocketDraft read_websocket(const Value& value, const Reading& reading) {
  WebSocketDraft draft;
  SocketReader(draft, reading).read(value);
  return draft;
}

void read_websocket_step(const Value& value, WebSocketDraft& draft, const Reading& reading) {
  StepReader(draft, reading).read(value);
}

bool is_websocket_step(const Value& value) {
  return std::any_of(value.entries.begin(), value.entries.end(), [](const Entry& entry) {
    return entry.key == "send" || entry.key == "send_hex" || entry.key == "await" || entry.key == "close";
  });
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

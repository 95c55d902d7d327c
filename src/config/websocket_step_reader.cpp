// What can be known beforehand is checked here: an id needs a place in a JSON message, a close code must be one that an
// endpoint may send (RFC 6455, 7.4), and a step does one thing.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "config/json_body.hpp"
#include "config/json_place.hpp"
#include "config/step_reader.hpp"
#include "config/websocket_reader.hpp"

namespace burstgate::config {

namespace {

using Json = nlohmann::ordered_json;

constexpr DurationRange pauses{microseconds(0), std::chrono::hours(1)};
constexpr std::uint64_t most_sent_bytes = 16u << 20;

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

class MessageReader {
 public:
  MessageReader(WebSocketDraft& draft, const Reading& reading)
      : draft_(draft), reading_(reading), mistakes_(reading.mistakes) {}

  void read(const Value& value) {
    place_ = value.place;
    const auto wait = [&](const Entry& e) {
      act(e);
      step_.wait = read_duration(e.value, "wait", pauses, mistakes_).value_or(step_.wait);
    };
    const auto id = [&](const Entry& e) {
      id_ = Placed<std::string>{read_json_place(e.value, "id", mistakes_).value_or(""), e.value.place};
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
      const auto pointer = read_json_place(entry.key, entry.place, "await", mistakes_);
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

void read_websocket_step(const Value& value, WebSocketDraft& draft, const Reading& reading) {
  MessageReader(draft, reading).read(value);
}

bool is_websocket_step(const Value& value) {
  return std::any_of(value.entries.begin(), value.entries.end(), [](const Entry& entry) {
    return entry.key == "send" || entry.key == "send_hex" || entry.key == "await" || entry.key == "close";
  });
}

}  // namespace burstgate::config

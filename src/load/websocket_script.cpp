#include "load/websocket_script.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace burstgate::load {

using Json = nlohmann::json;

namespace {

// The message is written once with a mark where the id belongs, and cut there.
OutgoingMessage render_message(const config::WebSocketMessage& message) {
  OutgoingMessage rendered;
  rendered.before_id = message.payload.text;
  rendered.binary = message.binary;
  if (message.id_pointer.empty()) return rendered;
  auto payload = nlohmann::ordered_json::parse(message.payload.text);
  auto& place = payload.at(nlohmann::ordered_json::json_pointer(message.id_pointer));
  const bool as_text = place.is_string();
  std::string mark = "burstgate-id";
  while (message.payload.text.find(mark) != std::string::npos) mark += '-';
  place = mark;
  if (!as_text) mark = '"' + mark + '"';
  const std::string text = payload.dump();
  const std::size_t at = text.find(mark);
  rendered.before_id = text.substr(0, at);
  rendered.after_id = text.substr(at + mark.size());
  rendered.has_id = true;
  return rendered;
}

ReplyPattern render_pattern(const config::WebSocketStep& step) {
  ReplyPattern pattern;
  for (const auto& [pointer, value] : step.await->values) {
    pattern.values.emplace_back(Json::json_pointer(pointer), Json::parse(value.text));
  }
  if (step.send && !step.send->id_pointer.empty()) pattern.id = Json::json_pointer(step.send->id_pointer);
  return pattern;
}

}  // namespace

std::string_view OutgoingMessage::with_id(std::uint64_t id, std::string& scratch) const {
  if (!has_id) return before_id;
  scratch.assign(before_id);
  fmt::format_to(std::back_inserter(scratch), "{}", id);
  scratch.append(after_id);
  return scratch;
}

const Json* IncomingMessage::at(const Json::json_pointer& place) {
  if (!document_) document_ = Json::parse(bytes_, nullptr, false);  // "discarded" when it is no JSON
  if (!document_->contains(place)) return nullptr;
  return &document_->at(place);
}

std::optional<double> IncomingMessage::number_at(const Json::json_pointer& place) {
  const Json* value = at(place);
  return value != nullptr && value->is_number() ? std::optional(value->get<double>()) : std::nullopt;
}

std::shared_ptr<const WebSocketScript> render_websocket(
    const config::WebSocket& socket, std::size_t scenario, const protocol::Url& url,
    const std::function<std::size_t(const std::string&)>& endpoint_of) {
  auto script = std::make_shared<WebSocketScript>();
  script->index = scenario;
  script->host = url.host_header();
  script->target = socket.target;
  for (const auto& header : socket.headers) script->headers.emplace_back(header.name, header.value.text);
  script->subprotocols = socket.subprotocols;
  script->heartbeat = socket.heartbeat;
  script->read_delay = socket.read_delay;
  if (socket.drops) script->drops = DropPlace{Json::json_pointer(socket.drops->pointer), socket.drops->kind};
  script->per_iteration = socket.per_iteration;
  script->max_message_bytes = socket.max_message_bytes;
  script->connect_endpoint = script->first_message_endpoint = endpoint_of(socket.connect_name);
  for (const auto& step : socket.steps) {
    MessageStep& rendered = script->steps.emplace_back();
    rendered.wait = step.wait;
    rendered.close_code = step.close_code;
    if (step.send) {
      rendered.send = render_message(*step.send);
      script->largest_sent_bytes = std::max(script->largest_sent_bytes, step.send->payload.text.size());
    }
    if (!step.await) continue;
    rendered.await = render_pattern(step);
    rendered.endpoint = endpoint_of(step.await->name);
    if (script->first_message_endpoint == script->connect_endpoint) script->first_message_endpoint = rendered.endpoint;
  }
  return script;
}

// ---- which message is the awaited one ----

void Conversation::expect(const ReplyPattern& pattern, std::uint64_t id) {
  pattern_ = &pattern;
  id_ = id;
  waiting_ = true;
}

void Conversation::give_up() {
  waiting_ = false;
  if (pattern_ == nullptr || !pattern_->id) return;
  lost_.push_back(id_);
  if (lost_.size() > remembered_losses) lost_.pop_front();
}

// What the message's id says; nothing when it carries none.
std::optional<Fit> Conversation::fit_of_id(IncomingMessage& message) const {
  const Json* value = message.at(*pattern_->id);
  std::uint64_t id = 0;
  if (value != nullptr && value->is_number_unsigned()) {
    id = value->get<std::uint64_t>();
  } else if (value != nullptr && value->is_string()) {
    const auto& text = value->get_ref<const std::string&>();
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
    if (error != std::errc{} || end != text.data() + text.size()) return Fit::unexpected;
  } else {
    return std::nullopt;
  }
  if (waiting_ && id == id_) return Fit::awaited;
  if (id >> id_bits != user_ || (id & ((1ull << id_bits) - 1)) > sent_) return Fit::unexpected;
  return std::find(lost_.begin(), lost_.end(), id) != lost_.end() ? Fit::late : Fit::duplicate;
}

Fit Conversation::fit(IncomingMessage& message) {
  if (pattern_ != nullptr && pattern_->id) {
    const auto fit = fit_of_id(message);
    if (fit && *fit != Fit::awaited) return *fit;
    if (!fit) return waiting_ ? Fit::passed_over : Fit::unexpected;
  }
  if (!waiting_) return Fit::unexpected;
  for (const auto& [place, expected] : pattern_->values) {
    const Json* value = message.at(place);
    if (value == nullptr || *value != expected) return Fit::passed_over;
  }
  waiting_ = false;
  return Fit::awaited;
}

}  // namespace burstgate::load

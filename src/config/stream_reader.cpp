#include "config/stream_reader.hpp"

#include <fmt/format.h>

namespace burstgate::config {

namespace {

constexpr std::int64_t max_events = 1'000'000;
constexpr std::size_t max_until_bytes = 1000;

std::optional<EventStream::Format> read_format(const Value& value, Mistakes& mistakes) {
  if (value.kind == Value::Kind::scalar && value.text == "sse") return EventStream::Format::sse;
  if (value.kind == Value::Kind::scalar && value.text == "lines") return EventStream::Format::lines;
  mistakes.add("E-105", value.place, fmt::format("stream: expected sse or lines, got {}", described(value)));
  return std::nullopt;
}

void read_until(const Entry& entry, EventStream& stream, Mistakes& mistakes) {
  const auto text = read_text(entry.value, "until", mistakes);
  if (!text) return;
  if (text->empty() || text->size() > max_until_bytes) {
    mistakes.add("E-105", entry.value.place, fmt::format("until: expected 1 to {} bytes", max_until_bytes));
  } else {
    stream.until = *text;
  }
}

}  // namespace

std::optional<EventStream> read_stream(const Value& value, Mistakes& mistakes) {
  EventStream stream;
  if (value.kind == Value::Kind::scalar) {
    const auto format = read_format(value, mistakes);
    if (format) stream.format = *format;
    return stream;
  }
  Place events_place;
  const auto read_events = [&](const Entry& entry) {
    events_place = entry.place;
    stream.events =
        static_cast<std::uint64_t>(read_integer(entry.value, "events", {1, max_events}, mistakes).value_or(1));
  };
  const auto read_form = [&](const Entry& entry) {
    stream.format = read_format(entry.value, mistakes).value_or(stream.format);
  };
  const bool readable = read_mapping(value, "stream",
                                     {{"format", read_form},
                                      {"events", read_events},
                                      {"until", [&](const Entry& entry) { read_until(entry, stream, mistakes); }}},
                                     mistakes);
  if (!readable) return std::nullopt;
  if (stream.events > 0 && !stream.until.empty()) {
    mistakes.add("E-106", events_place, "stream: events beside until", "the answer is good when one of them has come");
  }
  return stream;
}

std::string to_text(const EventStream& stream) {
  const char* format = stream.format == EventStream::Format::sse ? "sse" : "lines";
  if (stream.events > 0) return fmt::format("{}, {} events", format, stream.events);
  if (!stream.until.empty()) return fmt::format("{}, until '{}'", format, stream.until);
  return fmt::format("{}, to the end", format);
}

}  // namespace burstgate::config

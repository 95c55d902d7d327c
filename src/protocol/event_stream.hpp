// Events in an answer that comes piece by piece: server-sent events, or lines. Counts them and tells when there are
// enough; keeps no more than the event that is being read. No sockets, no clock.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace burstgate::protocol {

struct EventRule {
  enum class Form { server_sent, lines };
  Form form = Form::server_sent;
  std::uint64_t events = 0;  // the answer is good as soon as it has brought this many; 0: as many as come
  std::string until{};       // ... or as soon as an event contains this; empty: to the end of the answer

  bool ends_early() const { return events > 0 || !until.empty(); }
};

class EventReader {
 public:
  static constexpr std::size_t largest_event = 1u << 20;  // bytes of an event that are searched for `until`

  // Begins a new answer; `rule` is used until the next one.
  void start(const EventRule& rule);
  void feed(std::string_view bytes);

  std::uint64_t events() const { return events_; }
  // What the rule waits for has come; always false for a rule that waits for the answer's end.
  bool done() const { return done_; }
  // For an answer that has ended: it brought what the rule asks for, or anything at all.
  bool satisfied() const { return rule_->ends_early() ? done_ : events_ > 0; }

 private:
  void feed_byte(char c);
  void end_line();
  void end_event();

  const EventRule* rule_ = nullptr;
  std::uint64_t events_ = 0;
  bool done_ = false;
  bool has_data_ = false;  // the event has a data line
  bool after_cr_ = false;  // a line feed now belongs to the line end before it
  std::uint64_t line_bytes_ = 0;
  std::string line_start_;  // enough of the line to know its field
  std::string event_;       // with `until`: the event's text so far
};

}  // namespace burstgate::protocol

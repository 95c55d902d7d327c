// Server-sent events as in the HTML standard, section 9.2.6: lines end with CR, LF or both, a blank line ends an event,
// and what has no data (comments that keep a connection alive, a retry time) is no event.
#include "protocol/event_stream.hpp"

namespace burstgate::protocol {

namespace {

constexpr std::string_view data_field = "data";
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

bool is_data(std::string_view line) {
  if (line.starts_with(byte_order_mark)) line.remove_prefix(byte_order_mark.size());
  if (!line.starts_with(data_field)) return false;
  return line.size() == data_field.size() || line[data_field.size()] == ':';
}

}  // namespace

void EventReader::start(const EventRule& rule) {
  *this = EventReader();
  rule_ = &rule;
}

void EventReader::feed(std::string_view bytes) {
  for (const char c : bytes) {
    if (done_) return;
    feed_byte(c);
  }
}

void EventReader::feed_byte(char c) {
  const bool belongs_to_cr = after_cr_ && c == '\n';
  after_cr_ = c == '\r';
  if (belongs_to_cr) return;
  if (c == '\r' || c == '\n') return end_line();
  ++line_bytes_;
  if (line_start_.size() <= byte_order_mark.size() + data_field.size()) line_start_ += c;
  if (!rule_->until.empty() && event_.size() < largest_event) event_ += c;
}

void EventReader::end_line() {
  const bool blank = line_bytes_ == 0;
  if (rule_->form == EventRule::Form::lines) {
    if (!blank) end_event();
  } else if (!blank) {
    has_data_ = has_data_ || is_data(line_start_);
    if (!rule_->until.empty()) event_ += '\n';
  } else if (has_data_) {
    end_event();
  } else {
    event_.clear();
  }
  line_bytes_ = 0;
  line_start_.clear();
}

void EventReader::end_event() {
  ++events_;
  const bool found = !rule_->until.empty() && event_.find(rule_->until) != std::string::npos;
  done_ = found || (rule_->events > 0 && events_ >= rule_->events);
  has_data_ = false;
  event_.clear();
}

}  // namespace burstgate::protocol

// A step's `stream`: the answer is a stream of events.
#pragma once

#include <optional>

#include "config/fields.hpp"
#include "config/plan.hpp"

namespace burstgate::config {

std::optional<EventStream> read_stream(const Value& value, Mistakes& mistakes);

// "sse, 5 events", "lines, until '[DONE]'", "sse, to the end".
std::string to_text(const EventStream& stream);

}  // namespace burstgate::config

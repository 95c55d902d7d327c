// Whether an answer is what the step expects, and what is kept of it. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "load/connection.hpp"
#include "load/request.hpp"

namespace burstgate::load {

// Why an answer that came is no success.
struct Objection {
  measure::Failure failure = measure::Failure::status;
  std::string what;     // "json /ok is not true"
  std::string example;  // what was there instead, from the peer; may be empty
};

// The step's expectations in the order status, time, headers, body, JSON; `latency` as it is judged.
std::optional<Objection> objection_to(const Request& request, const Answer& answer, Duration latency);

// Keeps the step's values in their slots. Objection: one is not in the answer; those before it were kept.
std::optional<Objection> keep_values(const Request& request, const Answer& answer, std::vector<std::string>& slots);

}  // namespace burstgate::load

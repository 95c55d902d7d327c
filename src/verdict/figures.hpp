// A judgement in words, for whoever reads the report. Nothing is decided here.
#pragma once

#include <string>

#include "verdict/decision.hpp"
#include "verdict/verdict.hpp"

namespace burstgate::verdict {

// The change against limit, tolerance or floor, as the grounds of the decision ask: one line.
std::string figure_of(const Check& check, const Change& change, Grounds grounds);

// "GET /search latency_p95"
std::string title(const Check& check);

}  // namespace burstgate::verdict

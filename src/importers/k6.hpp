// k6: raw points (`--out json`, `--out csv`) and summaries in their three shapes.
#pragma once

#include "importers/source.hpp"
#include "measure/measurement.hpp"

namespace burstgate::importers {

inline constexpr std::string_view k6_tool = "k6";
inline constexpr std::string_view k6_latency =
    "sending, waiting and receiving of expected responses, without DNS, connecting and TLS";

bool is_k6_lines(Source& source);
measure::Measurement read_k6_lines(Source& source);

bool is_k6_csv(Source& source);
measure::Measurement read_k6_csv(Source& source);

// `--summary-export`, the data of handleSummary(), and the machine-readable summary.
bool is_k6_summary(Source& source);
measure::Measurement read_k6_summary(Source& source);

}  // namespace burstgate::importers

// Values with units, as people write them. A unit is required wherever a value has one.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace burstgate::config {

// Why a value was refused: what was wrong, and what was expected ("expected a duration such as 250ms, 1.5s, 2m").
struct UnitError {
  std::string what;
  std::string expected;
};

template <typename T>
using Parsed = std::variant<T, UnitError>;

// "250us", "250ms", "1.5s", "2m", "1h": > = 0, rounded to whole microseconds. No sign, no exponent, no blank inside.
Parsed<std::chrono::microseconds> parse_duration(std::string_view text);

// "100/s", "6000/m", "1.5k/s": per second, > 0.
Parsed<double> parse_rate(std::string_view text);

// "+20%", "20%", "-15%" -> 0.20, 0.20, -0.15. The sign is kept: whether it fits is the caller's question.
Parsed<double> parse_percent(std::string_view text);

// "0.5pp", "+0.5pp" -> 0.005 (percentage points as a difference of shares).
Parsed<double> parse_percentage_points(std::string_view text);

// "512B", "64KiB", "512MiB", "2GiB", "10kB", "10MB".
Parsed<std::uint64_t> parse_bytes(std::string_view text);

// For people: "250 ms", "1.5 s", "2 min"; exact, trailing zeros dropped.
std::string to_text(std::chrono::microseconds duration);

}  // namespace burstgate::config

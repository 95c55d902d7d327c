// Numbers, times with units and points in time as other tools write them. The forms are strict: what is not understood
// is an error at its line, never a 0.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "importers/source.hpp"

namespace burstgate::importers {

inline constexpr double us_per_s = 1e6;
inline constexpr double us_per_ms = 1e3;
inline constexpr double us_per_ns = 1e-3;

// A finite number, the whole text; nothing otherwise.
std::optional<double> number_in(std::string_view text);
std::optional<std::uint64_t> count_in(std::string_view text);

// An HTTP status, or 0 for anything else.
int status_in(std::string_view text);

// The same for a value of a line: an error there names the value, and a decimal comma when that is what it is.
double need_number(const Source& source, std::string_view text, std::string_view name, std::uint64_t line = 0);
std::uint64_t need_count(const Source& source, std::string_view text, std::string_view name, std::uint64_t line = 0);

// A time in the given unit, as whole microseconds; at most 30 days.
std::int64_t need_time_us(const Source& source, std::string_view text, std::string_view name, double us_per_unit);

// "635.91us", "1.20m", "0.85 ms": microseconds. Nothing without a unit.
std::optional<double> time_with_unit_us(std::string_view text);

// Microseconds since 1970: RFC 3339 with any fraction and offset ("2026-11-21T13:15:54.102493433Z").
std::optional<std::int64_t> rfc3339_us(std::string_view text);
// Seconds, milliseconds, microseconds or nanoseconds since 1970, told apart by their size (1e9 is 2001 in seconds).
struct Epoch {
  std::int64_t us = 0;
  bool whole_seconds = false;
};
std::optional<Epoch> epoch_in(std::string_view text);

std::string_view trimmed(std::string_view text);

}  // namespace burstgate::importers

// UTC times in files and file names.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace burstgate {

inline constexpr std::int64_t latest_unix_s = 253'402'300'799;  // the end of the year 9999

std::string to_iso8601(std::int64_t unix_s);     // "2026-11-21T13:54:10Z"; 1970 ... 9999, else an assertion
std::string to_file_stamp(std::int64_t unix_s);  // "20261121_135410"
std::optional<std::int64_t> from_iso8601(std::string_view text);  // exactly that form, or nothing

}  // namespace burstgate

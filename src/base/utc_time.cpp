#include "base/utc_time.hpp"

#include <fmt/format.h>

#include <chrono>

#include "base/assert.hpp"

namespace burstgate {

namespace {

struct Parts {
  int year, month, day, hour, minute, second;
};

Parts parts_of(std::int64_t unix_s) {
  BURSTGATE_ASSERT(unix_s >= 0 && unix_s <= latest_unix_s);
  using namespace std::chrono;
  const sys_seconds time{seconds(unix_s)};
  const auto midnight = floor<days>(time);
  const year_month_day date{midnight};
  const hh_mm_ss clock{time - midnight};
  return {static_cast<int>(date.year()),
          static_cast<int>(static_cast<unsigned>(date.month())),
          static_cast<int>(static_cast<unsigned>(date.day())),
          static_cast<int>(clock.hours().count()),
          static_cast<int>(clock.minutes().count()),
          static_cast<int>(clock.seconds().count())};
}

}  // namespace

std::string to_iso8601(std::int64_t unix_s) {
  const Parts p = parts_of(unix_s);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", p.year, p.month, p.day, p.hour, p.minute, p.second);
}

std::string to_file_stamp(std::int64_t unix_s) {
  const Parts p = parts_of(unix_s);
  return fmt::format("{:04}{:02}{:02}_{:02}{:02}{:02}", p.year, p.month, p.day, p.hour, p.minute, p.second);
}

std::optional<std::int64_t> from_iso8601(std::string_view text) {
  constexpr std::string_view form = "0000-00-00T00:00:00Z";
  if (text.size() != form.size()) return std::nullopt;
  for (std::size_t i = 0; i < form.size(); ++i) {
    const bool digit = text[i] >= '0' && text[i] <= '9';
    if (form[i] == '0' ? !digit : text[i] != form[i]) return std::nullopt;
  }
  const auto number = [&](std::size_t at, std::size_t length) {
    int value = 0;
    for (const char c : text.substr(at, length)) value = value * 10 + (c - '0');
    return value;
  };
  using namespace std::chrono;
  const year_month_day date{year(number(0, 4)), month(static_cast<unsigned>(number(5, 2))),
                            day(static_cast<unsigned>(number(8, 2)))};
  const int hour = number(11, 2), minute = number(14, 2), second = number(17, 2);
  if (!date.ok() || number(0, 4) < 1970 || hour > 23 || minute > 59 || second > 59) return std::nullopt;
  return (sys_days(date).time_since_epoch() + hours(hour) + minutes(minute) + seconds(second)) / seconds(1);
}

}  // namespace burstgate

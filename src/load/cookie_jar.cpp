#include "load/cookie_jar.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>

namespace burstgate::load {

namespace {

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// "name=value", or a word alone.
NamedValue split_pair(std::string_view pair) {
  const std::size_t equals = pair.find('=');
  if (equals == std::string_view::npos) return {trimmed(pair), {}};
  return {trimmed(pair.substr(0, equals)), trimmed(pair.substr(equals + 1))};
}

// Up to the next separator; `rest` moves behind it.
std::string_view take_until(std::string_view& rest, std::string_view separators) {
  const std::size_t end = std::min(rest.find_first_of(separators), rest.size());
  const std::string_view word = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return word;
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool same_word(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower(x) == lower(y); });
}

template <typename Number>
std::optional<Number> number(std::string_view text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 || byte == 0x7f;
}

// RFC 6265, section 5.1.4: where a cookie without a path belongs.
std::string_view folder_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  if (!path.starts_with('/') || slash == 0) return "/";
  return path.substr(0, slash);
}

bool covers(std::string_view cookie_path, std::string_view path) {
  if (!path.starts_with(cookie_path)) return false;
  return path.size() == cookie_path.size() || cookie_path.ends_with('/') || path[cookie_path.size()] == '/';
}

struct Date {
  std::optional<int> seconds_of_day, day, month, year;
};

void note_time(std::string_view word, Date& date) {
  int parts[3] = {0, 0, 0};
  for (int& part : parts) {
    const auto value = number<int>(take_until(word, ":"));
    if (!value || *value < 0 || *value > 59) return;
    part = *value;
  }
  if (parts[0] > 23) return;
  date.seconds_of_day = (parts[0] * 60 + parts[1]) * 60 + parts[2];
}

void note_word(std::string_view word, Date& date) {
  constexpr std::string_view months = "janfebmaraprmayjunjulaugsepoctnovdec";
  if (!date.seconds_of_day && word.find(':') != std::string_view::npos) return note_time(word, date);
  if (const auto value = number<int>(word)) {
    if (!date.day && *value >= 1 && *value <= 31) {
      date.day = *value;
    } else if (!date.year) {
      date.year = *value < 70 ? *value + 2000 : *value < 100 ? *value + 1900 : *value;
    }
    return;
  }
  for (int month = 0; month < 12 && !date.month && word.size() >= 3; ++month) {
    if (same_word(word.substr(0, 3), months.substr(static_cast<std::size_t>(month) * 3, 3))) date.month = month + 1;
  }
}

}  // namespace

std::optional<std::int64_t> parse_cookie_date(std::string_view text) {
  Date date;
  while (!text.empty()) note_word(take_until(text, " ,-\t;"), date);
  if (!date.seconds_of_day || !date.day || !date.month || !date.year || *date.year < 1601) return std::nullopt;
  namespace calendar = std::chrono;
  const calendar::year_month_day day{calendar::year(*date.year), calendar::month(static_cast<unsigned>(*date.month)),
                                     calendar::day(static_cast<unsigned>(*date.day))};
  if (!day.ok()) return std::nullopt;
  const auto days = calendar::sys_days(day).time_since_epoch();
  return calendar::duration_cast<calendar::seconds>(days).count() + *date.seconds_of_day;
}

NamedValue cookie_of(std::string_view field) {
  const std::string_view pair = take_until(field, ";");
  if (pair.find('=') == std::string_view::npos) return {};
  return split_pair(pair);
}

void CookieJar::set(std::string_view field, std::string_view path, std::int64_t now_unix_s) {
  const NamedValue pair = cookie_of(field);
  const bool odd = std::any_of(field.begin(), field.end(), is_control);
  if (pair.name.empty() || odd || pair.name.size() + pair.value.size() > max_cookie_bytes) return;
  Cookie cookie{std::string(pair.name), std::string(pair.value), std::string(folder_of(path)), {}};
  bool has_age = false;
  take_until(field, ";");
  while (!field.empty()) {
    const NamedValue attribute = split_pair(take_until(field, ";"));
    if (same_word(attribute.name, "path") && attribute.value.starts_with('/')) {
      cookie.path = attribute.value;
    } else if (const auto age = number<std::int64_t>(attribute.value); age && same_word(attribute.name, "max-age")) {
      constexpr std::int64_t longest = 400 * 86'400;  // days, as RFC 6265bis caps it
      cookie.expires_unix_s = now_unix_s + std::clamp<std::int64_t>(*age, 0, longest);
      has_age = true;
    } else if (!has_age && same_word(attribute.name, "expires")) {
      cookie.expires_unix_s = parse_cookie_date(attribute.value);
    }
  }
  const auto same = [&](const Cookie& other) { return other.name == cookie.name && other.path == cookie.path; };
  const bool expired = cookie.expires_unix_s && *cookie.expires_unix_s <= now_unix_s;
  const auto found = std::find_if(cookies_.begin(), cookies_.end(), same);
  if (found != cookies_.end() && !expired) {
    *found = std::move(cookie);
    return;
  }
  if (found != cookies_.end()) cookies_.erase(found);
  if (expired || cookies_.size() == max_cookies) return;
  const auto shorter = [&](const Cookie& other) { return other.path.size() < cookie.path.size(); };
  cookies_.insert(std::find_if(cookies_.begin(), cookies_.end(), shorter), std::move(cookie));
}

void CookieJar::append_to(std::string& out, std::string_view path, std::int64_t now_unix_s) const {
  std::string_view separator;
  for (const Cookie& cookie : cookies_) {
    if (!covers(cookie.path, path) || (cookie.expires_unix_s && *cookie.expires_unix_s <= now_unix_s)) continue;
    out.append(separator).append(cookie.name).append("=").append(cookie.value);
    separator = "; ";
  }
}

}  // namespace burstgate::load

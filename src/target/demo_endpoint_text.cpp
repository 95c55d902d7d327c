// The built-in service's endpoints as they are written on a command line.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/error.hpp"
#include "base/text.hpp"
#include "config/units.hpp"
#include "target/demo_service.hpp"

namespace burstgate::target {

namespace {

constexpr double max_sigma = 5;
constexpr std::size_t max_body_bytes = 64u << 20;
constexpr const char* time_examples = "expected 5ms, lognormal(20ms,0.4) or twopoint(2ms,20ms,10%)";
constexpr const char* endpoint_example =
    "expected path=/x time=lognormal(20ms,0.4) work=wait|cpu errors=1% status=200 bytes=1024";

[[noreturn]] void refuse(const char* code, const std::string& where, std::string what, std::string hint) {
  throw Error(Trouble::usage, Problem{code, where, std::move(what), std::move(hint), "", 0});
}

[[noreturn]] void refuse_time(const std::string& where, std::string what, std::string hint = time_examples) {
  refuse("E-401", where, "service time: " + std::move(what), std::move(hint));
}

[[noreturn]] void refuse_endpoint(const std::string& where, std::string what, std::string hint = endpoint_example) {
  refuse("E-402", where, "endpoint: " + std::move(what), std::move(hint));
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

std::chrono::microseconds duration(std::string_view text, const std::string& where) {
  const auto parsed = config::parse_duration(text);
  if (const auto* error = std::get_if<config::UnitError>(&parsed)) refuse_time(where, error->what, error->expected);
  return std::get<std::chrono::microseconds>(parsed);
}

// "10%" -> 0.1; the sign is part of percentages elsewhere, a share has none.
std::optional<double> share(std::string_view text) {
  const auto parsed = config::parse_percent(text);
  const auto* value = std::get_if<double>(&parsed);
  if (value == nullptr || *value < 0 || *value > 1 || text.starts_with('+') || text.starts_with('-')) return {};
  return *value;
}

template <typename Number>
std::optional<Number> number(std::string_view text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return {};
  return value;
}

std::vector<std::string_view> split_arguments(std::string_view text) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t comma = text.find(',');
    parts.push_back(trimmed(text.substr(0, comma)));
    if (comma == std::string_view::npos) return parts;
    text.remove_prefix(comma + 1);
  }
}

ServiceTime log_normal(const std::vector<std::string_view>& arguments, const std::string& where) {
  if (arguments.size() != 2) {
    refuse_time(where, fmt::format("lognormal takes 2 values, not {}", arguments.size()),
                "expected lognormal(MEDIAN,SIGMA) such as lognormal(20ms,0.4)");
  }
  const auto sigma = number<double>(arguments[1]);
  if (!sigma || !(*sigma >= 0 && *sigma <= max_sigma)) {
    refuse_time(where, fmt::format("sigma '{}' is not a number from 0 to {}", arguments[1], max_sigma),
                "expected the standard deviation of the logarithm, such as 0.4");
  }
  return {.shape = ServiceTime::Shape::log_normal, .median = duration(arguments[0], where), .sigma = *sigma};
}

ServiceTime two_point(const std::vector<std::string_view>& arguments, const std::string& where) {
  if (arguments.size() != 3) {
    refuse_time(where, fmt::format("twopoint takes 3 values, not {}", arguments.size()),
                "expected twopoint(USUAL,RARE,SHARE) such as twopoint(2ms,20ms,10%)");
  }
  const auto second_share = share(arguments[2]);
  if (!second_share) {
    refuse_time(where, fmt::format("share '{}' is not a percentage from 0% to 100%", arguments[2]),
                "expected the share of the second value, such as 10%");
  }
  return {.shape = ServiceTime::Shape::two_point,
          .median = duration(arguments[0], where),
          .second = duration(arguments[1], where),
          .second_share = *second_share};
}

void set_time(DemoEndpoint& endpoint, std::string_view value, const std::string& where) {
  endpoint.time = parse_service_time(value, where);
}

void set_path(DemoEndpoint& endpoint, std::string_view value, const std::string& where) {
  if (!value.starts_with('/') || value.find_first_of("?#") != std::string_view::npos) {
    refuse_endpoint(where, fmt::format("path '{}' is not a path", value),
                    "expected a path that begins with '/', without query, such as /chat");
  }
  constexpr std::string_view own[] = {"/_stats", "/_ready", "/_reset", "/_login", "/_session"};
  if (std::find(std::begin(own), std::end(own), value) != std::end(own)) {
    refuse_endpoint(where, fmt::format("path '{}' is the service's own", value), "choose another path");
  }
  endpoint.path = value;
}

void set_work(DemoEndpoint& endpoint, std::string_view value, const std::string& where) {
  if (value == "wait") {
    endpoint.work = Work::wait;
  } else if (value == "cpu") {
    endpoint.work = Work::cpu;
  } else {
    refuse_endpoint(where, fmt::format("unknown work '{}'", value), "expected wait or cpu");
  }
}

void set_errors(DemoEndpoint& endpoint, std::string_view value, const std::string& where) {
  const auto rate = share(value);
  if (!rate) {
    refuse_endpoint(where, fmt::format("errors '{}' is not a percentage from 0% to 100%", value),
                    "expected a share such as 1%");
  }
  endpoint.error_rate = *rate;
}

void set_status(DemoEndpoint& endpoint, std::string_view value, const std::string& where) {
  const auto status = number<int>(value);
  if (!status || *status < 200 || *status > 599) {
    refuse_endpoint(where, fmt::format("status '{}' is not a final HTTP status", value), "expected 200 to 599");
  }
  endpoint.status = *status;
}

void set_bytes(DemoEndpoint& endpoint, std::string_view value, const std::string& where) {
  const auto bytes = number<std::size_t>(value);
  if (!bytes || *bytes > max_body_bytes) {
    refuse_endpoint(where, fmt::format("bytes '{}' is not a body size", value),
                    fmt::format("expected a number from 0 to {}", max_body_bytes));
  }
  endpoint.body_bytes = *bytes;
}

struct Setting {
  std::string_view key;
  void (*set)(DemoEndpoint&, std::string_view, const std::string&);
};
constexpr Setting settings[] = {{"path", set_path},     {"time", set_time},     {"work", set_work},
                                {"errors", set_errors}, {"status", set_status}, {"bytes", set_bytes}};

const Setting& setting_named(std::string_view key, const std::string& where) {
  std::vector<std::string> keys;
  for (const Setting& setting : settings) {
    if (setting.key == key) return setting;
    keys.emplace_back(setting.key);
  }
  const std::string near = did_you_mean(key, keys);
  refuse_endpoint(where, fmt::format("unknown setting '{}'", key),
                  near.empty() ? "expected " + join(keys, ", ") : near);
}

// Words between blanks; blanks within parentheses belong to the word.
std::vector<std::string_view> words(std::string_view text) {
  std::vector<std::string_view> found;
  int depth = 0;
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    const char c = i < text.size() ? text[i] : ' ';
    if (c == '(') ++depth;
    if (c == ')') --depth;
    if (i < text.size() && (c != ' ' || depth > 0)) continue;
    if (i > begin) found.push_back(text.substr(begin, i - begin));
    begin = i + 1;
  }
  return found;
}

}  // namespace

ServiceTime parse_service_time(std::string_view text, const std::string& where) {
  text = trimmed(text);
  const std::size_t open = text.find('(');
  if (open == std::string_view::npos) return {.median = duration(text, where)};
  if (!text.ends_with(')')) refuse_time(where, fmt::format("'{}' has no closing parenthesis", text));
  const std::string_view shape = text.substr(0, open);
  const auto arguments = split_arguments(text.substr(open + 1, text.size() - open - 2));
  if (shape == "lognormal") return log_normal(arguments, where);
  if (shape == "twopoint") return two_point(arguments, where);
  refuse_time(where, fmt::format("unknown shape '{}'", shape));
}

DemoEndpoint parse_demo_endpoint(std::string_view text, const std::string& where) {
  DemoEndpoint endpoint;
  std::vector<std::string_view> seen;
  for (const std::string_view word : words(text)) {
    const std::size_t equals = word.find('=');
    if (equals == std::string_view::npos) refuse_endpoint(where, fmt::format("'{}' is not key=value", word));
    const std::string_view key = word.substr(0, equals);
    const Setting& setting = setting_named(key, where);
    for (const std::string_view earlier : seen) {
      if (earlier == key) refuse_endpoint(where, fmt::format("'{}' is given twice", key), "give it once");
    }
    seen.push_back(key);
    setting.set(endpoint, word.substr(equals + 1), where);
  }
  if (endpoint.path.empty()) refuse_endpoint(where, "no path");
  return endpoint;
}

}  // namespace burstgate::target

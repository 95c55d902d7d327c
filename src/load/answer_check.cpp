#include "load/answer_check.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "config/http_words.hpp"
#include "config/units.hpp"
#include "load/cookie_jar.hpp"

namespace burstgate::load {

using measure::Failure;

namespace {

constexpr std::size_t longest_shown = 60;

const std::vector<protocol::Field>& fields_of(const Answer& answer) {
  static const std::vector<protocol::Field> none;
  return answer.fields == nullptr ? none : *answer.fields;
}

Objection check_failed(std::string what, std::string example = {}) {
  return {Failure::check, std::move(what), std::move(example)};
}

std::optional<Objection> objection_to_headers(const Request& request, const Answer& answer) {
  for (const config::HeaderCheck& check : request.expected_headers) {
    std::optional<std::string> seen;
    bool good = false;
    for (const protocol::Field& field : fields_of(answer)) {
      if (!config::same_header(field.name, check.name)) continue;
      seen = field.value;
      good = good || field.value.find(check.contains) != std::string::npos;
    }
    if (good) continue;
    if (!seen) return check_failed(fmt::format("the header {} is missing", check.name));
    const bool secret = config::is_secret_header(check.name) || config::same_header(check.name, "Set-Cookie");
    return check_failed(fmt::format("the header {} does not contain '{}'", check.name, check.contains),
                        secret ? "***" : *seen);
  }
  return std::nullopt;
}

std::optional<Objection> objection_to_json(const Request& request, const Answer& answer) {
  for (const JsonExpectation& check : request.expected_json) {
    const auto value = find_json(answer.body, check.pointer);
    if (!value) return check_failed(fmt::format("json {} is missing", check.shown));
    if (same_json(*value, check.expected)) continue;
    return check_failed(fmt::format("json {} is not {}", check.shown, check.expected), std::string(*value));
  }
  return std::nullopt;
}

// Appends to `out`; false: it is not in the answer.
bool find_value(const Keeper& keeper, const Answer& answer, std::string& out) {
  using config::Save;
  switch (keeper.save.from) {
    case Save::From::json: {
      const auto value = find_json(answer.body, keeper.pointer);
      if (value) append_json_text(out, *value);
      return value && *value != "null";
    }
    case Save::From::regex: {
      const auto found = keeper.pattern->find(answer.body);
      if (found) out += *found;
      return found.has_value();
    }
    case Save::From::header:
    case Save::From::cookie:
      break;
  }
  for (const protocol::Field& field : fields_of(answer)) {
    if (keeper.save.from == Save::From::header) {
      if (!config::same_header(field.name, keeper.save.what)) continue;
      return out += field.value, true;
    }
    if (!config::same_header(field.name, "Set-Cookie")) continue;
    const NamedValue cookie = cookie_of(field.value);
    if (cookie.name == keeper.save.what) return out += cookie.value, true;
  }
  return false;
}

}  // namespace

std::optional<Objection> objection_to(const Request& request, const Answer& answer, Duration latency) {
  const auto status = static_cast<std::size_t>(answer.status);
  if (status >= request.expected_status.size() || !request.expected_status[status]) {
    return Objection{Failure::status, fmt::format("status {}", answer.status), {}};
  }
  if (request.within && latency > *request.within) {
    const auto allowed = std::chrono::duration_cast<std::chrono::microseconds>(*request.within);
    const auto took = std::chrono::duration_cast<std::chrono::microseconds>(latency);
    return check_failed(fmt::format("took longer than {}", config::to_text(allowed)), config::to_text(took));
  }
  if (auto objection = objection_to_headers(request, answer)) return objection;
  if (request.expected_body && answer.body.find(*request.expected_body) == std::string_view::npos) {
    return check_failed(fmt::format("the body does not contain '{}'", elided(*request.expected_body, longest_shown)));
  }
  return objection_to_json(request, answer);
}

std::optional<Objection> keep_values(const Request& request, const Answer& answer, std::vector<std::string>& slots) {
  for (const Keeper& keeper : request.keepers) {
    std::string& slot = slots[keeper.save.slot];
    slot.clear();
    if (find_value(keeper, answer, slot)) continue;
    return Objection{
        Failure::save,
        fmt::format("{} is not in the answer, so {{{}}} has no value", keeper.save.text(), keeper.save.variable),
        {}};
  }
  return std::nullopt;
}

}  // namespace burstgate::load

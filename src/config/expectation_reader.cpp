// `expect:` in a step.
#include <fmt/format.h>

#include "base/json_pointer.hpp"
#include "base/text.hpp"
#include "config/http_words.hpp"
#include "config/json_body.hpp"
#include "config/step_reader.hpp"

namespace burstgate::config {

namespace {

constexpr DurationRange patience{std::chrono::milliseconds(1), std::chrono::hours(1)};

void read_expected_status(const Value& value, Step& step, Mistakes& mistakes) {
  const auto read_one = [&](const Value& item) {
    const auto status = read_integer(item, "status", {200, 599}, mistakes);
    if (status) step.expect_status.push_back(static_cast<int>(*status));
  };
  if (value.kind == Value::Kind::sequence) {
    read_items(value, "status", read_one, mistakes);
  } else {
    read_one(value);
  }
}

void read_expected_json(const Value& value, Step& step, Mistakes& mistakes) {
  const auto read_one = [&](const Entry& entry) {
    if (!parse_json_pointer(entry.key)) {
      mistakes.add("E-130", entry.place, fmt::format("json: '{}' is not a JSON pointer", elided(entry.key, 60)),
                   "it begins with '/': json: {/items/0/id: 7}");
      return;
    }
    if (auto expected = json_scalar(entry.value, entry.key, mistakes)) {
      step.expect_json.push_back({entry.key, std::move(*expected)});
    }
  };
  read_entries(value, "json", read_one, mistakes);
}

void read_expected_headers(const Value& value, Step& step, Mistakes& mistakes) {
  const auto read_one = [&](const Entry& entry) {
    if (const auto trouble = token_trouble(entry.key)) {
      mistakes.add("E-119", entry.place, fmt::format("the header '{}' {}", elided(entry.key, 60), *trouble));
    } else if (auto text = read_line(entry.value, entry.key, mistakes)) {
      step.expect_headers.push_back({entry.key, std::move(*text)});
    }
  };
  read_entries(value, "headers", read_one, mistakes);
}

}  // namespace

void read_expectation(const Value& value, Step& step, const Reading& reading) {
  Mistakes& mistakes = reading.mistakes;
  read_mapping(
      value, "expect",
      {
          {"status", [&](const Entry& e) { read_expected_status(e.value, step, mistakes); }},
          {"body_contains", [&](const Entry& e) { step.expect_body = read_text(e.value, "body_contains", mistakes); }},
          {"json", [&](const Entry& e) { read_expected_json(e.value, step, mistakes); }},
          {"headers", [&](const Entry& e) { read_expected_headers(e.value, step, mistakes); }},
          {"within",
           [&](const Entry& e) { step.expect_within = read_duration(e.value, "within", patience, mistakes); }},
      },
      mistakes);
}

}  // namespace burstgate::config

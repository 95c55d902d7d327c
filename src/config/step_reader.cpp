#include "config/step_reader.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "config/http_words.hpp"
#include "config/json_body.hpp"
#include "config/stream_reader.hpp"

namespace burstgate::config {

namespace {

const std::vector<std::string>& methods() {
  static const std::vector<std::string> words = {"get", "post", "put", "delete", "patch", "head", "options"};
  return words;
}

std::string upper(std::string word) {
  for (char& c : word) c = static_cast<char>(c - 'a' + 'A');
  return word;
}

Secretive read_header_value(const Entry& entry, const Reading& reading) {
  const auto text = read_text(entry.value, entry.key, reading.mistakes);
  if (!text) return {};
  auto filled = filled_in(*text, entry.value.place, reading);
  if (!filled) return {};
  if (const auto trouble = header_value_trouble(filled->text)) {
    reading.mistakes.add("E-119", entry.value.place, fmt::format("the value of header {} {}", entry.key, *trouble));
  }
  if (is_secret_header(entry.key) && !has_variables(*text)) filled->shown = "***";
  return *filled;
}

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

void read_expectation(const Value& value, Step& step, const Reading& reading) {
  Mistakes& mistakes = reading.mistakes;
  read_mapping(
      value, "expect",
      {
          {"status", [&](const Entry& e) { read_expected_status(e.value, step, mistakes); }},
          {"body_contains", [&](const Entry& e) { step.expect_body = read_text(e.value, "body_contains", mistakes); }},
          {"within", nullptr},
          {"json", nullptr},
      },
      mistakes);
}

// The keys of a step as they are met; what belongs together is checked at the end.
class StepReader {
 public:
  explicit StepReader(const Reading& reading) : reading_(reading), mistakes_(reading.mistakes) {}

  std::optional<StepDraft> read(const Value& value) {
    draft_.place = draft_.name_place = value.place;
    std::vector<Field> fields;
    for (const std::string& method : methods()) {
      fields.push_back({method, [this](const Entry& e) { read_target(e); }});
    }
    fields.push_back({"name", [this](const Entry& e) { read_name(e); }});
    fields.push_back({"headers", [this](const Entry& e) { draft_.step.headers = read_headers(e.value, reading_); }});
    fields.push_back({"json", [this](const Entry& e) { read_body(e, true); }});
    fields.push_back({"body", [this](const Entry& e) { read_body(e, false); }});
    fields.push_back({"expect", [this](const Entry& e) { read_expectation(e.value, draft_.step, reading_); }});
    fields.push_back({"stream", [this](const Entry& e) { draft_.step.stream = read_stream(e.value, mistakes_); }});
    fields.push_back({"save", nullptr});
    if (!read_mapping(value, "a step", fields, mistakes_)) return std::nullopt;
    if (draft_.step.method.empty()) {
      mistakes_.add("E-107", value.place, "a step without a request", "write one of " + join(methods(), ", "));
      return std::nullopt;
    }
    return good_ ? std::optional(std::move(draft_)) : std::nullopt;
  }

 private:
  void read_target(const Entry& entry) {
    if (!draft_.step.method.empty()) {
      mistakes_.add("E-106", entry.place, fmt::format("'{}' in a step that has a request already", entry.key),
                    "write a step for each request");
      return;
    }
    draft_.step.method = upper(entry.key);
    const auto path = read_text(entry.value, entry.key, mistakes_);
    good_ = path && set_target(draft_.step, *path, entry.value.place, reading_) && good_;
  }

  void read_name(const Entry& entry) {
    const auto name = read_line(entry.value, "name", mistakes_);
    if (!name) return;
    if (name->size() > max_name_bytes) {
      mistakes_.add("E-105", entry.value.place, fmt::format("name: longer than {} bytes", max_name_bytes));
      return;
    }
    draft_.step.name = *name;
    draft_.name_place = entry.value.place;
  }

  void read_body(const Entry& entry, bool json) {
    if (body_key_) {
      mistakes_.add("E-106", entry.place,
                    fmt::format("'{}' beside '{}': a request has one body", entry.key, *body_key_));
      return;
    }
    body_key_ = entry.key;
    draft_.sends_json = json;
    std::optional<Secretive> body;
    if (json) {
      body = json_body(entry.value, reading_);
    } else if (const auto text = read_text(entry.value, "body", mistakes_)) {
      body = filled_in(*text, entry.value.place, reading_);
    }
    if (body) draft_.step.body = *body;
  }

  const Reading& reading_;
  Mistakes& mistakes_;
  StepDraft draft_;
  std::optional<std::string> body_key_;
  bool good_ = true;
};

}  // namespace

std::optional<StepDraft> read_step(const Value& value, const Reading& reading) {
  return StepReader(reading).read(value);
}

std::vector<Header> read_headers(const Value& value, const Reading& reading) {
  std::vector<Header> headers;
  const auto read = [&](const Entry& entry) {
    const auto twice = std::find_if(headers.begin(), headers.end(),
                                    [&](const Header& header) { return same_header(header.name, entry.key); });
    if (const auto trouble = header_name_trouble(entry.key)) {
      reading.mistakes.add("E-119", entry.place, fmt::format("the header '{}' {}", elided(entry.key, 60), *trouble));
    } else if (twice != headers.end()) {
      reading.mistakes.add("E-103", entry.place,
                           fmt::format("the header '{}' is here twice, the other as '{}'", entry.key, twice->name));
    } else {
      headers.push_back({entry.key, read_header_value(entry, reading)});
    }
  };
  read_entries(value, "headers", read, reading.mistakes);
  return headers;
}

bool set_target(Step& step, const std::string& written, const Place& place, const Reading& reading) {
  const auto filled = filled_in(written, place, reading);
  if (!filled) return false;
  if (!has_variables(written) && filled->text.find('{') != std::string::npos && filled->text.starts_with('/')) {
    reading.mistakes.add("E-108", place,
                         fmt::format("'{}': values saved from answers are not supported by this version",
                                     elided(without_query_values(written), 60)),
                         "a brace itself is written %7B");
    return false;
  }
  if (const auto trouble = target_trouble(filled->text)) {
    reading.mistakes.add("E-119", place,
                         fmt::format("the path '{}' {}", elided(without_query_values(written), 60), *trouble));
    return false;
  }
  step.target = filled->text;
  step.target_shown = without_query_values(written);
  return true;
}

}  // namespace burstgate::config

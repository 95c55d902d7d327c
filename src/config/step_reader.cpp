#include "config/step_reader.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "config/auth_reader.hpp"
#include "config/body_reader.hpp"
#include "config/http_words.hpp"
#include "config/save_reader.hpp"

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
  auto filled = templated(*text, entry.value.place, reading, Encoding::header);
  if (!filled) return {};
  // What is put in is looked at when it is known: a blank beside it is none at the edge.
  const std::string known = filled->varies() ? "{" + filled->text + "}" : filled->text;
  if (const auto trouble = header_value_trouble(known)) {
    reading.mistakes.add("E-119", entry.value.place, fmt::format("the value of header {} {}", entry.key, *trouble));
  }
  if (is_secret_header(entry.key) && !has_variables(*text) && !filled->varies()) filled->shown = "***";
  return *filled;
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
    fields.push_back({"auth", [this](const Entry& e) { draft_.auth = read_auth(e.value, reading_); }});
    for (const std::string& key : body_keys()) fields.push_back({key, [this](const Entry& e) { take_body(e); }});
    fields.push_back({"save", [this](const Entry& e) { draft_.step.saves = read_saves(e.value, mistakes_); }});
    fields.push_back({"expect", [this](const Entry& e) { read_expectation(e.value, draft_.step, reading_); }});
    for (const char* later : {"send", "await"}) fields.push_back({later, nullptr});
    if (!read_mapping(value, "a step", fields, mistakes_)) return std::nullopt;
    if (draft_.step.method.empty()) {
      const bool websocket = std::any_of(value.entries.begin(), value.entries.end(),
                                         [](const Entry& e) { return e.key == "send" || e.key == "await"; });
      if (!websocket) {
        mistakes_.add("E-107", value.place, "a step without a request", "write one of " + join(methods(), ", "));
      }
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

  void take_body(const Entry& entry) {
    if (body_key_) {
      mistakes_.add("E-106", entry.place,
                    fmt::format("'{}' beside '{}': a request has one body", entry.key, *body_key_));
      return;
    }
    body_key_ = entry.key;
    auto draft = read_body(entry, reading_);
    if (!draft) return;
    draft_.step.body = std::move(draft->body);
    draft_.content_type = std::move(draft->content_type);
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
  const auto filled = templated(written, place, reading, Encoding::segment);
  if (!filled) return false;
  auto trouble = target_trouble(filled->text);
  if (filled->varies() && filled->placeholders.front().at == 0) trouble = "does not begin with '/'";
  if (trouble) {
    reading.mistakes.add("E-119", place,
                         fmt::format("the path '{}' {}", elided(without_query_values(written), 60), *trouble));
    return false;
  }
  step.target = filled->text;
  step.target_shown = without_query_values(written);
  step.target_placeholders = filled->placeholders;
  return true;
}

}  // namespace burstgate::config

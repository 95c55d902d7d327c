#include "config/journey_reader.hpp"

#include <algorithm>

#include "config/auth_reader.hpp"
#include "config/http_words.hpp"
#include "config/save_reader.hpp"

namespace burstgate::config {

namespace {

const Header* find_header(const std::vector<Header>& headers, std::string_view name) {
  const auto found = std::find_if(headers.begin(), headers.end(),
                                  [&](const Header& header) { return same_header(header.name, name); });
  return found == headers.end() ? nullptr : &*found;
}

std::vector<Variable> read_variables(const Value& value, const Reading& reading) {
  std::vector<Variable> variables;
  const auto read = [&](const Entry& entry) {
    if (!names_variable(entry, reading.mistakes)) return;
    const auto text = read_text(entry.value, entry.key, reading.mistakes);
    auto filled = text ? templated(*text, entry.value.place, reading, Encoding::verbatim) : std::nullopt;
    if (filled) variables.push_back({entry.key, std::move(*filled), 0, entry.place});
  };
  read_entries(value, "variables", read, reading.mistakes);
  return variables;
}

}  // namespace

std::vector<Header> merged(const std::vector<Header>& common, const std::vector<Header>& own) {
  std::vector<Header> headers;
  for (const Header& header : common) {
    const Header* instead = find_header(own, header.name);
    headers.push_back(instead ? *instead : header);
  }
  for (const Header& header : own) {
    if (!find_header(common, header.name)) headers.push_back(header);
  }
  return headers;
}

void add_auth(std::vector<Header>& headers, const std::optional<Header>& auth, const Place& place, Mistakes& mistakes) {
  if (!auth) return;
  if (find_header(headers, auth->name)) {
    mistakes.add("E-106", place, "'auth' beside the header Authorization", "write one of them");
    return;
  }
  headers.push_back(*auth);
}

std::vector<StepDraft> read_steps(const Value& value, std::string_view what, const Reading& reading) {
  std::vector<StepDraft> steps;
  const auto read = [&](const Value& item) {
    if (auto step = read_step(item, reading)) steps.push_back(std::move(*step));
  };
  read_items(value, what, read, reading.mistakes);
  return steps;
}

std::vector<Field> journey_fields(JourneyDraft& draft, const Reading& reading) {
  const auto read_credentials = [&](const Entry& entry) {
    draft.auth = read_auth(entry.value, reading);
    draft.auth_place = entry.place;
  };
  return {
      {"headers", [&](const Entry& e) { draft.headers = read_headers(e.value, reading); }},
      {"auth", read_credentials},
      {"variables", [&](const Entry& e) { draft.variables = read_variables(e.value, reading); }},
      {"feeders", [&](const Entry& e) { draft.feeders = read_feeders(e.value, reading); }},
      {"setup", [&](const Entry& e) { draft.setup = read_steps(e.value, "setup", reading); }},
      {"teardown", [&](const Entry& e) { draft.teardown = read_steps(e.value, "teardown", reading); }},
  };
}

}  // namespace burstgate::config

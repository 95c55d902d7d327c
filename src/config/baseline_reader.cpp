#include "config/baseline_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "config/http_words.hpp"
#include "config/named_file.hpp"
#include "config/plan_reader.hpp"
#include "config/profile_reader.hpp"

namespace burstgate::config {

namespace {

constexpr DurationRange budgets{min_budget, max_budget};
constexpr DurationRange relaunches{min_relaunch, max_budget};  // a longer one would never come

// A key of the baseline, and where its value stands; line 0: not written.
using Written = std::pair<std::string_view, Place>;

template <typename T>
Place place_of(const std::optional<Placed<T>>& value) {
  return value ? value->place : Place{};
}

bool any_written(const std::vector<Written>& keys) {
  return std::any_of(keys.begin(), keys.end(), [](const Written& key) { return key.second.line != 0; });
}

std::vector<Written> service_keys(const PairedDraft& draft) {
  return {{"command", draft.service.command_place}, {"url", draft.service.url_place}};
}

std::vector<Written> paired_settings(const PairedDraft& draft) {
  return {{"ready", draft.service.ready_place},
          {"budget", place_of(draft.budget)},
          {"rate", place_of(draft.rate)},
          {"relaunch", place_of(draft.relaunch)}};
}

void exclude(const std::vector<Written>& keys, const Place& file, std::string_view hint, Mistakes& mistakes) {
  for (const auto& [key, place] : keys) {
    if (place.line == 0) continue;
    mistakes.add("E-106", place, fmt::format("baseline: {} together with file ({})", key, file.text()),
                 std::string(hint));
  }
}

// The keys that contradict each other, and those that are missing. `file`: line 0: not written.
void check_keys(const PairedDraft& draft, const Place& baseline, const Place& file, Mistakes& mistakes) {
  const bool has_service = any_written(service_keys(draft));
  if (!has_service && file.line == 0) {
    mistakes.add("E-107", baseline, "a baseline without file, command or url",
                 "write file: perf/baseline.json, or command or url of the build to compare with");
  } else if (has_service && file.line != 0) {
    exclude(service_keys(draft), file,
            "file compares with stored runs, command or url with a build that runs beside the candidate", mistakes);
  } else if (file.line != 0) {
    exclude(paired_settings(draft), file, "it is for a paired comparison, whose baseline has command or url", mistakes);
  } else if (draft.relaunch && draft.service.command_place.line == 0) {
    mistakes.add("E-106", draft.relaunch->place, "baseline: relaunch without command",
                 "only what burstgate starts can be started again");
  }
}

// "http://h:8080" of a URL, to tell whether two are the same server. Without user info, the port always shown.
std::string origin(const std::string& url) {
  const std::size_t host = url.find("://") + 3;
  std::string authority = url.substr(host, url.find_first_of("/?#", host) - host);
  const std::size_t at = authority.rfind('@');
  if (at != std::string::npos) authority.erase(0, at + 1);
  std::transform(authority.begin(), authority.end(), authority.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  const std::size_t colon = authority.rfind(':');
  const bool has_port = colon != std::string::npos && authority.find(']', colon) == std::string::npos;
  const bool tls = url.starts_with("https://");
  return (tls ? "https://" : "http://") + authority + (has_port ? "" : tls ? ":443" : ":80");
}

// Both sides get the same requests, so the baseline's URL can only say where they go.
void compare_urls(const std::string& baseline, const Place& place, const Service& candidate, Mistakes& mistakes) {
  if (baseline.empty() || candidate.url.empty()) return;            // refused, which is reported
  const bool fixed = baseline.find("{port}") == std::string::npos;  // those filled in later are all different
  if (fixed && origin(baseline) == origin(candidate.url)) {
    mistakes.add("E-106", place,
                 fmt::format("the baseline is the candidate: the service ({}) is at {} as well", candidate.place.text(),
                             origin(baseline)),
                 "the build to compare with needs a port of its own");
    return;
  }
  if (baseline.starts_with("https://") != candidate.is_tls()) {
    mistakes.add("E-106", place, "url: one side speaks TLS and the other does not", "both sides get the same requests");
    return;
  }
  const std::string path = path_of_url(baseline);
  if (path == "/" || path == path_of_url(candidate.url)) return;
  mistakes.add("E-106", place,
               fmt::format("url: the path '{}' is not the service's", elided(without_query_values(path), 60)),
               "both sides get the same requests: leave the path out");
}

// The text with variables filled in.
std::optional<std::string> read_filled(const Value& value, const Reading& reading) {
  const auto text = read_line(value, "baseline", reading.mistakes);
  const auto filled = text ? filled_in(*text, value.place, reading) : std::nullopt;
  return filled ? std::optional(filled->text) : std::nullopt;
}

BaselineDraft read_text_form(const Value& value, const std::string& config_file, const Reading& reading) {
  BaselineDraft draft;
  const auto text = read_filled(value, reading);
  if (!text) return draft;
  if (names_service(*text)) {
    draft.paired.emplace().service = read_service(value, reading);
  } else {
    draft.file = Placed<std::string>{beside(config_file, *text), value.place};
  }
  return draft;
}

// The keys of a paired comparison beside those that every service has.
std::vector<Field> paired_fields(PairedDraft& draft, Mistakes& mistakes) {
  return {{"budget", [&](const Entry& e) { keep(draft.budget, read_budget(e.value, mistakes), e.value.place); }},
          {"rate", [&](const Entry& e) { keep(draft.rate, read_arrival_rate(e.value, mistakes), e.value.place); }},
          {"relaunch", [&](const Entry& e) {
             keep(draft.relaunch, read_duration(e.value, "relaunch", relaunches, mistakes), e.value.place);
           }}};
}

}  // namespace

BaselineDraft read_baseline(const Value& value, const std::string& config_file, const Reading& reading) {
  if (value.kind == Value::Kind::scalar) return read_text_form(value, config_file, reading);
  BaselineDraft draft;
  PairedDraft paired;
  paired.service.service.place = value.place;
  Place file;
  std::vector<Field> fields = {{"file", [&](const Entry& entry) {
                                  file = entry.value.place;
                                  const auto text = read_filled(entry.value, reading);
                                  if (text) draft.file = Placed<std::string>{beside(config_file, *text), file};
                                }}};
  for (Field& field : service_fields(paired.service, reading)) fields.push_back(std::move(field));
  for (Field& field : paired_fields(paired, reading.mistakes)) fields.push_back(std::move(field));
  if (!read_mapping(value, "baseline", fields, reading.mistakes)) return draft;
  check_keys(paired, value.place, file, reading.mistakes);
  if (!any_written(service_keys(paired))) return draft;
  complete_service(paired.service, reading.mistakes);
  draft.paired = std::move(paired);
  return draft;
}

bool names_service(const std::string& baseline) {
  return baseline.starts_with("http://") || baseline.starts_with("https://");
}

std::optional<microseconds> read_budget(const Value& value, Mistakes& mistakes) {
  return read_duration(value, "budget", budgets, mistakes);
}

void set_baseline(Plan& plan, const BaselineDraft& draft, Mistakes& mistakes) {
  if (draft.file) {
    plan.baseline_file = draft.file->value;
    plan.baseline_place = draft.file->place;
  }
  if (!draft.paired) return;
  const ServiceDraft& service = draft.paired->service;
  Paired& paired = plan.paired.emplace();
  paired.service = service.service;
  if (service.ready_place.line == 0) paired.service.ready = plan.service.ready;
  paired.service.http = plan.service.http;  // the same requests, sent in the same way
  paired.service.streams = plan.service.streams;
  paired.service.tls = plan.service.tls;
  if (draft.paired->budget) paired.budget = draft.paired->budget->value;
  if (draft.paired->rate) paired.rate_per_s = draft.paired->rate->value;
  if (draft.paired->relaunch) paired.relaunch_every = draft.paired->relaunch->value;
  plan.baseline_place = service.url_place;
  compare_urls(service.service.url, service.url_place, plan.service, mistakes);
}

}  // namespace burstgate::config

#include "config/plan_reader.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "config/alert_reader.hpp"
#include "config/service_reader.hpp"
#include "config/workload_reader.hpp"

namespace burstgate::config {

namespace {

constexpr int max_threads = 256;
constexpr std::int64_t max_seed = (1ll << 53) - 1;  // survives in JSON
constexpr std::size_t max_operation_bytes = 100;    // part of a file name

std::optional<std::string> read_operation(const Value& value, Mistakes& mistakes) {
  const auto text = read_line(value, "operation", mistakes);
  if (!text) return std::nullopt;
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
           c == '-';
  };
  const bool good = std::all_of(text->begin(), text->end(), fits) && text->front() != '.';
  if (good && text->size() <= max_operation_bytes) return text;
  mistakes.add("E-105", value.place, fmt::format("operation: '{}' cannot be part of a file name", elided(*text, 60)),
               fmt::format("letters, digits, '_', '-' and '.' (not first), at most {}", max_operation_bytes));
  return std::nullopt;
}

}  // namespace

std::optional<std::uint64_t> read_seed(const Value& value, Mistakes& mistakes) {
  const auto seed = read_integer(value, "seed", {0, max_seed}, mistakes);
  return seed ? std::optional(static_cast<std::uint64_t>(*seed)) : std::nullopt;
}

const std::vector<std::string>& plan_keys() {
  static const std::vector<std::string> keys = {"service",  "operation", "baseline",   "workload",
                                                "profiles", "profile",   "thresholds", "waivers",
                                                "alerts",   "export",    "threads",    "seed"};
  return keys;
}

PlanDraft read_plan(const Value& document, const std::string& file, const Reading& reading) {
  Mistakes& mistakes = reading.mistakes;
  PlanDraft draft;
  draft.plan.service.place = Place{file, 0, 0};
  draft.has_service = document.kind != Value::Kind::mapping;  // one mistake is enough then
  const auto service = [&](const Entry& entry) {
    draft.has_service = true;
    const ServiceDraft read = read_service(entry.value, reading);
    draft.plan.service = read.service;
    draft.url_place = read.url_place;
  };
  const auto workload = [&](const Entry& entry) {
    draft.has_workload = true;
    read_workload(entry.value, draft.plan, reading);
  };
  const auto profile_name = [&](const Entry& entry) {
    const auto name = read_line(entry.value, "profile", mistakes);
    if (name) draft.profile_name = Placed<std::string>{*name, entry.value.place};
  };
  const auto threads = [&](const Entry& entry) {
    draft.plan.threads = static_cast<int>(read_integer(entry.value, "threads", {1, max_threads}, mistakes).value_or(0));
  };
  const auto seed = [&](const Entry& entry) {
    draft.seed_place = entry.value.place;
    draft.plan.seed = read_seed(entry.value, mistakes).value_or(draft.plan.seed);
  };
  const auto operation = [&](const Entry& entry) {
    draft.plan.operation = read_operation(entry.value, mistakes).value_or(draft.plan.operation);
  };
  read_mapping(document, "the file",
               {{"service", service},
                {"operation", operation},
                {"baseline", [&](const Entry& entry) { draft.baseline = read_baseline(entry.value, file, reading); }},
                {"workload", workload},
                {"profiles", [&](const Entry& entry) { draft.profiles = read_profiles(entry.value, mistakes); }},
                {"profile", profile_name},
                {"thresholds", [&](const Entry& entry) { draft.thresholds = entry.value; }},
                {"waivers", [&](const Entry& entry) { draft.waivers = read_waivers(entry.value, reading); }},
                {"alerts", [&](const Entry& entry) { draft.alerts = read_alerts(entry.value, reading); }},
                {"export", [&](const Entry& entry) { draft.push_gateway = read_export(entry.value, reading); }},
                {"threads", threads},
                {"seed", seed}},
               mistakes);
  return draft;
}

}  // namespace burstgate::config

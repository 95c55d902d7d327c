#include "cli/against_itself.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <variant>

#include "base/error.hpp"
#include "cli/session.hpp"
#include "config/units.hpp"

namespace burstgate::cli {

std::chrono::microseconds budget_of(const std::string& flag, const std::string& text) {
  const auto refuse = [&](const std::string& what, const std::string& expected) {
    throw Error(Trouble::usage, {.code = "E-013", .where = flag, .what = what, .hint = expected});
  };
  const auto parsed = config::parse_duration(text);
  if (const auto* error = std::get_if<config::UnitError>(&parsed)) refuse(error->what, error->expected);
  const auto budget = std::get<std::chrono::microseconds>(parsed);
  if (budget < config::min_budget || budget > config::max_budget) {
    refuse(
        fmt::format("{} is out of range", text),
        fmt::format("allowed is {} to {}", config::to_text(config::min_budget), config::to_text(config::max_budget)));
  }
  return budget;
}

config::Settings against_itself(config::Settings settings) {
  config::Plan& plan = settings.plan;
  if (plan.exec) {
    throw Error(Trouble::usage, {.code = "E-016",
                                 .where = plan.exec->place.text(),
                                 .what = "the load is another tool's, and this command sends its own",
                                 .hint = "give it a file whose workload has scenarios"});
  }
  if (!plan.service.command.empty() && plan.service.url.find("{port}") == std::string::npos) {
    throw Error(Trouble::usage,
                {.code = "E-014",
                 .where = plan.service.place.text(),
                 .what = "the service runs twice, and both would listen on the port of " + plan.service.url,
                 .hint = "write {port} in command and url: a free port takes its place"});
  }
  plan.baseline_file.reset();
  if (!plan.profile.stages.empty()) settings.notes.push_back("the highest load of the profile's stages, throughout");
  plan.profile.stages.clear();
  if (!plan.paired) plan.paired.emplace();
  plan.paired->service = plan.service;
  return settings;
}

config::Settings settings_against_itself(const Arguments& arguments,
                                         const std::optional<std::chrono::microseconds>& budget) {
  config::Settings settings = against_itself(settings_to_send(arguments));
  if (budget) settings.plan.paired->budget = *budget;
  return settings;
}

bool service_failed(const PairedResult& result) {
  const auto& reasons = result.verdict.reasons;
  return result.verdict.target_failed || std::any_of(reasons.begin(), reasons.end(), [](const auto& reason) {
           return reason.cause == verdict::Cause::baseline_failed;
         });
}

}  // namespace burstgate::cli

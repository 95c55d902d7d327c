#include "cli/acceptance.hpp"

#include <fmt/format.h>

#include <chrono>

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/utc_time.hpp"

namespace burstgate::cli {

namespace {

constexpr std::size_t longest_reason = 500;

}  // namespace

FlagHelp accept_flag() {
  return {"--accept", "REASON", "take a run that would be refused; the reason is written into the file"};
}

std::string stated_text(const Arguments& arguments, const char* flag, std::size_t longest) {
  const auto found = arguments.own.find(flag);
  if (found == arguments.own.end()) return {};
  const auto refuse = [&](std::string what, std::string hint) {
    throw Error(Trouble::usage, {.code = "E-036", .where = flag, .what = std::move(what), .hint = std::move(hint)});
  };
  const std::string& text = found->second;
  if (text.find_first_not_of(" \t") == std::string::npos) refuse("is empty", "say it in words");
  if (text.size() > longest) refuse(fmt::format("{} bytes long", text.size()), fmt::format("at most {}", longest));
  return visible(text);
}

std::string reason_to_accept(const Arguments& arguments) {
  return stated_text(arguments, "--accept", longest_reason);
}

baseline::Promotion accepted_promotion(const report::Report& report, const std::string& file,
                                       const std::string& accepted) {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  baseline::Promotion promotion;
  promotion.at = to_iso8601(std::chrono::duration_cast<std::chrono::seconds>(now).count());
  promotion.file = file;
  if (report.verdict) promotion.outcome = name(report.verdict->outcome);
  promotion.accepted = accepted;
  return promotion;
}

}  // namespace burstgate::cli

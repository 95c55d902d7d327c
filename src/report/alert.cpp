#include "report/alert.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/json_text.hpp"
#include "base/text.hpp"
#include "base/utc_time.hpp"
#include "report/escape.hpp"
#include "report/rows.hpp"
#include "report/wording.hpp"

namespace burstgate::report {

using verdict::Check;
using verdict::Outcome;
using Json = nlohmann::ordered_json;

namespace {

constexpr std::size_t longest_name = 120;
constexpr std::size_t longest_line = 300;
constexpr const char* total_label = "total";

std::string short_name(std::string_view name) {
  return elided(visible(name), longest_name);
}

// What both forms are made of.
class AlertParts {
 public:
  explicit AlertParts(const Report& report)
      : report_(report),
        labels_(unique_labels(endpoint_names(report), short_name, {total_label})),
        head_(headline(report, labels_)),
        measured_(endpoints_by_name(report.candidate)) {
    for (const Check* check : checks_worst_first(report)) {
      if (check->outcome != Outcome::pass) checks_.push_back(check);
    }
  }

  const Headline& head() const { return head_; }
  const std::vector<const Check*>& checks() const { return checks_; }
  std::string reason() const { return elided(visible(head_.reason), longest_line); }
  std::string label(const Check& check) const {
    return check.endpoint.empty() ? total_label : labels_.at(check.endpoint);
  }
  // "chat: latency p95: 12.4 ms -> 16.2 ms, +31.2 % (+24.1 % .. +38.0 %); fail at +20 %"
  std::string line(const Check& check) const {
    const auto found = measured_.find(check.endpoint);
    const std::string text =
        fmt::format("{} {}: {}; {}", name(check.outcome), name_of(check, label(check)),
                    sides_text(check, found == measured_.end() ? nullptr : found->second), limit_text(check));
    return elided(visible(text), longest_line);
  }

 private:
  const Report& report_;
  std::map<std::string, std::string> labels_;
  Headline head_;
  std::map<std::string, const measure::EndpointResult*> measured_;
  std::vector<const Check*> checks_;
};

Json check_json(const AlertParts& parts, const Check& check) {
  Json json;
  json["endpoint"] = parts.label(check);
  json["metric"] = name(check.metric);
  json["kind"] = check.kind == verdict::CheckKind::limit ? "limit" : check.against_anchor ? "anchor" : "regression";
  json["outcome"] = name(check.outcome);
  json["text"] = parts.line(check);
  return json;
}

Json text_or_null(const std::string& text) {
  return text.empty() ? Json(nullptr) : Json(visible(text));
}

// Inside of code: the only character that could end it is the backtick. The ampersand and the angle brackets are
// Slack's own everywhere.
std::string chat_code(std::string_view text) {
  std::string code;
  for (const char c : visible(text)) {
    switch (c) {
      case '&':
        code += "&amp;";
        break;
      case '<':
        code += "&lt;";
        break;
      case '>':
        code += "&gt;";
        break;
      case '`':
        code += '\'';
        break;
      default:
        code += c;
    }
  }
  return code;
}

// A URL that stands outside of code, so that it can be followed: without anything that means more than itself.
bool is_plain_url(std::string_view text) {
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("-._/:?=%+").find(c) != std::string_view::npos;
  };
  return text.starts_with("http") && std::all_of(text.begin(), text.end(), plain);
}

std::string named(std::string_view word, const std::string& value) {
  return value.empty() ? "" : fmt::format("  {} `{}`", word, chat_code(elided(value, longest_name)));
}

}  // namespace

std::string render_alert_json(const Report& report, const AlertContext& context) {
  const AlertParts parts(report);
  const measure::Measurement& run = report.candidate;
  Json json;
  json["schema"] = alert_schema;
  json["outcome"] = report.verdict ? Json(name(report.verdict->outcome)) : Json(nullptr);
  json["headline"] = parts.head().word;
  json["reason"] = parts.reason();
  json["tally"] = visible(parts.head().tally);
  json["exit_code"] = report.exit_code;
  json["in_a_row"] = context.in_a_row;
  json["command"] = report.command;
  json["operation"] = visible(run.operation);
  json["profile"] = visible(run.profile);
  json["started_at"] = to_iso8601(run.started_at_unix_s);
  json["commit"] = text_or_null(run.commit);
  json["branch"] = text_or_null(run.branch);
  json["pull_request"] = text_or_null(run.pull_request);
  json["job_url"] = text_or_null(context.job_url);
  json["result_file"] = text_or_null(report.result_file);
  json["checks"] = Json::array();
  const std::size_t shown = std::min(parts.checks().size(), most_alert_checks);
  for (std::size_t i = 0; i < shown; ++i) json["checks"].push_back(check_json(parts, *parts.checks()[i]));
  json["checks_omitted"] = parts.checks().size() - shown;
  return dump_json(json, 2) + "\n";
}

std::string render_alert_slack(const Report& report, const AlertContext& context) {
  const AlertParts parts(report);
  const measure::Measurement& run = report.candidate;
  std::string text = fmt::format("*burstgate: {}*", parts.head().word);
  if (context.in_a_row > 1) text += fmt::format(" ({} runs in a row)", context.in_a_row);
  text += named("operation", run.operation) + named("branch", run.branch) + named("commit", run.commit);
  std::string lines = chat_code(parts.reason());
  const std::size_t shown = std::min(parts.checks().size(), most_chat_checks);
  for (std::size_t i = 0; i < shown; ++i) lines += "\n" + chat_code(parts.line(*parts.checks()[i]));
  if (shown < parts.checks().size()) lines += fmt::format("\n{} more", parts.checks().size() - shown);
  text += "\n```\n" + lines + "\n```";
  if (is_plain_url(context.job_url)) text += "\n" + context.job_url;
  return dump_json({{"text", text}}, -1) + "\n";
}

}  // namespace burstgate::report

// Messages about a run to somebody who did not start it: JSON for programs, and text for chats.
#pragma once

#include <cstddef>
#include <string>

#include "report/report.hpp"

namespace burstgate::report {

inline constexpr const char* alert_schema = "burstgate-alert/1";
inline constexpr std::size_t most_alert_checks = 20;  // worst first; of these, a chat gets most_chat_checks
inline constexpr std::size_t most_chat_checks = 8;

struct AlertContext {
  std::size_t in_a_row = 1;  // runs with such an outcome, this one included
  std::string job_url;       // of the CI job; "" when it is not known
};

// One JSON document: the verdict, who and where, and the checks that did not pass.
std::string render_alert_json(const Report& report, const AlertContext& context);

// {"text": ...} as Slack and those who take its webhooks read it. What came from outside stands in code, where no
// formatting, link or mention is looked for.
std::string render_alert_slack(const Report& report, const AlertContext& context);

}  // namespace burstgate::report

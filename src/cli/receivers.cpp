// Each receiver is told in a thread of its own, so that one that hangs takes no time from the others and no more than
// its own from the job.
#include "cli/receivers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <functional>
#include <future>

#include "base/error.hpp"
#include "base/text.hpp"
#include "baseline/history.hpp"
#include "baseline/streak.hpp"
#include "cli/ci_system.hpp"
#include "cli/messages.hpp"
#include "config/alert_reader.hpp"
#include "notify/alert_command.hpp"
#include "notify/http_message.hpp"
#include "protocol/url.hpp"
#include "report/alert.hpp"
#include "report/pushgateway.hpp"

namespace burstgate::cli {

namespace {

constexpr std::chrono::milliseconds patience{5000};

// What a command sees of the environment unless the file names more.
constexpr const char* usual_environment[] = {"PATH", "HOME", "USER", "LANG", "LC_ALL", "TZ", "TMPDIR"};

void check_url(const config::Secretive& url, const std::string& what, const std::string& where) {
  hide_from_messages(url.text);
  try {
    const protocol::Url parsed = protocol::parse_url(url.text, where);
    if (parsed.target != "/") hide_from_messages(parsed.target);
  } catch (const Error& error) {
    const Problem& problem = error.problems().front();  // its `what` quotes the URL
    throw Error(
        Trouble::usage,
        {.code = problem.code, .where = where, .what = what + ": a URL that cannot be asked", .hint = problem.hint});
  }
}

// Nothing but the path of a group may follow.
void check_gateway(const config::PushGateway& gateway) {
  const std::string where = gateway.place.text();
  check_url(gateway.url, "pushgateway", where);
  if (gateway.url.text.find('?') == std::string::npos) return;
  throw Error(Trouble::usage, {.code = "E-119", .where = where, .what = "pushgateway: a URL with a query"});
}

// Events whose jobs have a repository's secrets while they look at a stranger's branch.
bool is_strangers_job() {
  const std::string event = environment_variable("GITHUB_EVENT_NAME").value_or("");
  return event == "pull_request_target" || event == "workflow_run";
}

void refuse_commands(const std::vector<config::Alert>& alerts) {
  for (const config::Alert& alert : alerts) {
    if (alert.command.empty() || !is_strangers_job()) continue;
    throw Error(Trouble::usage, {.code = "E-046",
                                 .where = alert.place.text(),
                                 .what = fmt::format("an alert's command in a job for '{}'",
                                                     *environment_variable("GITHUB_EVENT_NAME")),
                                 .hint = "it may be a stranger's; --no-alerts leaves it out, --allow-hooks runs it"});
  }
}

std::optional<config::PushGateway> push_gateway_of(const Arguments& arguments,
                                                   std::optional<config::PushGateway> written) {
  if (!arguments.push_gateway) return written;
  config::PushGateway gateway = written.value_or(config::PushGateway{});
  gateway.url = config::push_gateway_url(*arguments.push_gateway, "--push-gateway");
  gateway.place = Place{"--push-gateway", 0, 0};
  check_gateway(gateway);
  return gateway;
}

std::vector<std::string> environment_for(const config::Alert& alert) {
  std::vector<std::string> names(std::begin(usual_environment), std::end(usual_environment));
  names.insert(names.end(), alert.environment.begin(), alert.environment.end());
  std::vector<std::string> environment;
  for (const std::string& name : names) {
    if (const auto value = environment_variable(name)) environment.push_back(name + "=" + *value);
  }
  return environment;
}

bool is_due(const config::Alert& alert, const report::Report& report) {
  if (!report.verdict) return false;
  return std::find(alert.when.begin(), alert.when.end(), name(report.verdict->outcome)) != alert.when.end();
}

// Earlier runs of the same operation, profile and branch, or why they are not known.
struct Past {
  std::vector<measure::RunSummary> runs;  // oldest first
  std::string trouble;
};

Past past_of(const report::Report& report, const std::string& folder) {
  namespace fs = std::filesystem;
  Past past;
  const measure::Measurement& now = report.candidate;
  const fs::path own(report.result_file);
  try {
    if (!fs::is_directory(folder)) return past;
    for (measure::RunSummary& run : baseline::read_history(folder).runs) {
      const bool is_this_one = run.file == own.filename().string() && own.parent_path() == folder;
      const bool is_alike = run.operation == now.operation && run.profile == now.profile && run.branch == now.branch;
      if (is_alike && !is_this_one && run.started_at_unix_s <= now.started_at_unix_s) {
        past.runs.push_back(std::move(run));
      }
    }
  } catch (const std::exception& error) {
    past.trouble = error.what();
  }
  return past;
}

// "" when it was sent; otherwise why not.
std::string tell(const config::Alert& alert, const report::Report& report, const report::AlertContext& context) {
  if (!alert.webhook) {
    return notify::run({alert.command, environment_for(alert), render_alert_json(report, context)}, patience);
  }
  const bool is_chat = alert.format == config::Alert::Format::slack;
  const auto render = is_chat ? report::render_alert_slack : report::render_alert_json;
  return notify::send({.url = alert.webhook->text, .body = render(report, context)}, patience);
}

std::string push(const config::PushGateway& gateway, const report::Report& report) {
  std::vector<std::pair<std::string, std::string>> labels = {{"operation", visible(report.candidate.operation)},
                                                             {"profile", visible(report.candidate.profile)}};
  labels.insert(labels.end(), gateway.labels.begin(), gateway.labels.end());
  return notify::send({.method = "PUT",
                       .url = gateway.url.text + report::pushgateway_path(gateway.job, labels),
                       .content_type = report::prometheus_content_type,
                       .body = render_prometheus(report),
                       .quotes_answer = true},
                      patience);
}

// "the webhook of burstgate.yaml:12:5".
std::string described(const config::Alert& alert) {
  return fmt::format("the {} of {}", alert.webhook ? "webhook" : "command", alert.place.text());
}

bool say(const std::string& who, const std::string& trouble, bool quiet) {
  if (!trouble.empty()) {
    print_stderr("warning: {} was not told: {}\n", who, trouble);
  } else if (!quiet) {
    print_stderr("told {}\n", who);
  }
  return trouble.empty();
}

struct Telling {
  std::string who;
  std::future<std::string> trouble;
};

// In a thread of its own, or, where there is none left, when it is asked for. Nothing that goes wrong is more than a
// warning.
std::future<std::string> start(std::function<std::string()> tells) {
  return std::async([tells = std::move(tells)]() -> std::string {
    try {
      return tells();
    } catch (const std::exception& error) {
      return error.what();
    }
  });
}

void start_alert(const config::Alert& alert, const report::Report& report, const Past& past,
                 std::vector<Telling>& tellings) {
  if (alert.sustained > 1 && !past.trouble.empty()) return void(say(described(alert), past.trouble, false));
  report::AlertContext context;
  context.in_a_row = 1 + baseline::streak(past.runs, alert.when);
  context.job_url = job_url(environment_variable);
  if (context.in_a_row < static_cast<std::size_t>(alert.sustained)) return;
  tellings.push_back({described(alert), start([&alert, &report, context] { return tell(alert, report, context); })});
}

}  // namespace

void check_receivers(const config::Settings& settings) {
  for (const config::Alert& alert : settings.alerts) {
    if (alert.webhook) check_url(*alert.webhook, "webhook", alert.place.text());
    for (const std::string& name : alert.environment) {
      hide_from_messages(environment_variable(name).value_or(""));
    }
  }
  if (settings.push_gateway) check_gateway(*settings.push_gateway);
}

Receivers receivers_of(const Arguments& arguments, const config::Settings& settings) {
  Receivers receivers;
  if (!arguments.no_alerts) receivers.alerts = settings.alerts;
  if (!arguments.allow_hooks) refuse_commands(receivers.alerts);
  receivers.push_gateway = push_gateway_of(arguments, settings.push_gateway);
  return receivers;
}

Receivers receivers_of(const Arguments& arguments) {
  return {.alerts = {}, .push_gateway = push_gateway_of(arguments, std::nullopt)};
}

void tell_receivers(const Receivers& receivers, const report::Report& report, const std::string& results_folder,
                    bool quiet) {
  if (report.verdict && report.verdict->interrupted) return;  // whoever stopped it knows, and does not want to wait
  std::vector<Telling> tellings;
  if (receivers.push_gateway) {
    const auto& gateway = *receivers.push_gateway;
    tellings.push_back({"the Pushgateway", start([&gateway, &report] { return push(gateway, report); })});
  }
  std::optional<Past> past;
  for (const config::Alert& alert : receivers.alerts) {
    if (!is_due(alert, report)) continue;
    if (!past) past = past_of(report, results_folder);
    start_alert(alert, report, *past, tellings);
  }
  for (Telling& telling : tellings) say(telling.who, telling.trouble.get(), quiet);
}

bool push_figures(const Receivers& receivers, const report::Report& report, bool quiet) {
  return !receivers.push_gateway || say("the Pushgateway", push(*receivers.push_gateway, report), quiet);
}

}  // namespace burstgate::cli

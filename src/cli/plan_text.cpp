#include "cli/plan_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/text.hpp"
#include "cli/reference_probe.hpp"
#include "config/service_reader.hpp"
#include "config/units.hpp"
#include "config/websocket_text.hpp"
#include "load/burst.hpp"
#include "load/duet.hpp"

namespace burstgate::cli {

namespace {

constexpr int chart_rows = 6;
constexpr int chart_columns = 60;

std::string line(std::string_view label, std::string_view text) {
  return fmt::format("{:<11} {}\n", label, text);
}

std::string seconds_text(double seconds) {
  return config::to_text(std::chrono::microseconds(std::llround(seconds * 10) * 100'000));
}

std::string load_line(const config::Profile& profile) {
  const std::string up_to = profile.stages.empty() ? "" : "up to ";
  if (!profile.open) return fmt::format("closed model: {}{} users", up_to, profile.closed.users);
  return fmt::format("open model: {}{:g}/s, at most {} connections", up_to, profile.open->rate_per_s,
                     profile.open->connections);
}

std::string stage_lines(const config::Profile& profile) {
  std::string text;
  const std::vector<double> edges = config::stage_edges_s(profile);
  for (std::size_t i = 0; i < profile.stages.size(); ++i) {
    const config::Stage& stage = profile.stages[i];
    text += line("stage", fmt::format("{} to {}: {}, to {}", seconds_text(edges[i]), seconds_text(edges[i + 1]),
                                      visible(stage.name), stage_text(profile, stage)));
  }
  return text;
}

// How many there will be is known only where the service does not decide it.
std::string count_line(const config::Plan& plan, const config::Course& course, double warmup_s) {
  if (!plan.profile.open) return "as many as the service answers";
  const double all = course.arrivals(course.total_s());
  const double measured = all - course.arrivals(warmup_s);
  const double per_iteration = config::requests_per_iteration(plan);
  return fmt::format("{:.0f} iterations measured, {:.0f} requests at most ({:.0f} with the warm-up)", measured,
                     measured * per_iteration, all * per_iteration);
}

std::string step_lines(std::string_view label, const std::vector<config::Step>& steps, const std::string& where) {
  std::string text;
  for (const auto& step : steps) {
    text +=
        line(label, fmt::format("{} ({} {}){}", visible(step.name), step.method, visible(step.target_shown), where));
  }
  return text;
}

std::string websocket_lines(const config::WebSocket& socket, const std::string& where) {
  std::string text = line("websocket", visible(socket.target_shown) + where);
  for (const auto& step : socket.steps) text += line("message", visible(config::to_text(step)));
  return text;
}

std::string request_lines(const config::Plan& plan) {
  std::string text = step_lines("setup", plan.around.setup, ", once per run");
  double weights = 0;
  for (const auto& scenario : plan.scenarios) weights += scenario.weight;
  for (const auto& scenario : plan.scenarios) {
    const std::string where = fmt::format(", scenario {} of weight {} ({:.3g} % of the iterations)",
                                          visible(scenario.name), scenario.weight, 100 * scenario.weight / weights);
    const std::string once = fmt::format(", once per user of scenario {}", visible(scenario.name));
    text += step_lines("setup", scenario.setup, once) + step_lines("request", scenario.steps, where);
    if (scenario.websocket) text += websocket_lines(*scenario.websocket, where);
    text += step_lines("teardown", scenario.teardown, once);
  }
  return text + step_lines("teardown", plan.around.teardown, ", once per run");
}

std::string single_text(const config::Plan& plan) {
  const config::Course course(plan.profile);
  const double warmup_s = load::warmup_seconds(plan);
  const double expected_s = load::planned_seconds(plan) + reference_seconds();
  std::string text = line("load", load_line(plan.profile)) + line("iterations", count_line(plan, course, warmup_s));
  text += line("profile", fmt::format("{}: warm-up {:.1f} s, measured {}", visible(plan.profile.name), warmup_s,
                                      config::to_text(plan.profile.duration)));
  text += stage_lines(plan.profile) + load_chart(course, warmup_s, chart_columns);
  text += line("descriptors", fmt::format("{} needed", load::descriptors_needed(plan)));
  return text + line("duration", fmt::format("{}{}", seconds_text(expected_s),
                                             plan.service.command.empty() ? "" : ", and the start of the service"));
}

std::string exec_text(const config::Exec& exec) {
  return line("load", "another tool: " + visible(exec.shown())) +
         line("results", exec.reads.empty() ? "its stdout" : visible(exec.reads)) +
         line("duration", fmt::format("{} run{} of at most {}", exec.times, exec.times == 1 ? "" : "s",
                                      config::to_text(exec.timeout)));
}

std::string paired_text(const config::Plan& plan) {
  const config::Paired& paired = *plan.paired;
  const int users = plan.profile.closed.users;
  const std::string rate = paired.rate_per_s   ? fmt::format("{:g}/s", *paired.rate_per_s)
                           : plan.profile.open ? fmt::format("{:g}/s", plan.profile.open->rate_per_s)
                                               : "half of what the baseline can do, found by a probe";
  std::string text =
      line("load", fmt::format("both builds by turns, in slices: arrivals at {}; then {} users", rate, users));
  text += line("profile", visible(plan.profile.name));
  text += line("descriptors", fmt::format("{} needed", load::Duet::descriptors_needed(plan, users)));
  return text + line("duration", fmt::format("at most {} of load, less when it is certain before; and the launches",
                                             config::to_text(paired.budget)));
}

// As it stands in the file, "[./server, ${TOKEN}]": variables by their names, because their values may be secret.
std::string command_text(const config::Settings& settings, std::string_view key, const config::Service& service) {
  for (const config::Written& item : settings.written) {
    if (item.key != key || !item.text.starts_with('[')) continue;
    std::string words = item.text.substr(1, item.text.size() - 2);
    for (auto comma = words.find(", "); comma != std::string::npos; comma = words.find(", ")) words.erase(comma, 1);
    return words;
  }
  return join(service.command, " ");
}

std::string baseline_line(const config::Settings& settings) {
  const config::Plan& plan = settings.plan;
  if (plan.baseline_file) return *plan.baseline_file;
  if (!plan.paired) return "none";
  const config::Service& service = plan.paired->service;
  return service.command.empty() ? config::url_shown(service.url) : command_text(settings, "baseline.command", service);
}

// A column's bar reaches into a row when the load is above the row's middle.
std::string chart_row(const config::Course& course, int row, int columns) {
  std::string cells;
  for (int column = 0; column < columns; ++column) {
    const double at_s = course.total_s() * (column + 0.5) / columns;
    cells += course.level(at_s) >= course.peak() * (row + 0.5) / chart_rows ? '#' : ' ';
  }
  cells.erase(cells.find_last_not_of(' ') + 1);
  return cells;
}

}  // namespace

std::string load_chart(const config::Course& course, double warmup_s, int columns) {
  std::string text;
  for (int row = chart_rows - 1; row >= 0; --row) {
    const std::string label = row == chart_rows - 1       ? fmt::format("{:.5g}", course.peak())
                              : row == chart_rows / 2 - 1 ? fmt::format("{:.5g}", course.peak() / 2)
                                                          : "";
    const std::string cells = chart_row(course, row, columns);
    text += fmt::format("{:>11} |{}\n", label, cells);
  }
  std::string axis;
  for (int column = 0; column < columns; ++column) {
    axis += course.total_s() * (column + 0.5) / columns < warmup_s ? '.' : '-';
  }
  const std::string end = seconds_text(course.total_s());
  return text + fmt::format("{:>11} +{}\n{:>11}  0 s{:>{}}\n", 0, axis, "", end, columns - 3);
}

std::string plan_text(const config::Settings& settings) {
  const config::Plan& plan = settings.plan;
  std::string text = line("operation", plan.operation) + line("service", visible(config::url_shown(plan.service.url)));
  if (!plan.service.command.empty()) {
    text += line("started by", visible(command_text(settings, "service.command", plan.service)));
  }
  if (plan.exec) {
    text += exec_text(*plan.exec);
  } else {
    text += (plan.paired ? paired_text(plan) : single_text(plan)) + request_lines(plan);
  }
  text += line("baseline", visible(baseline_line(settings))) + line("thresholds", visible(settings.thresholds.source));
  for (const std::string& note : settings.notes) text += line("note", visible(note));
  return text + line("dry run", "nothing was started and nothing was sent");
}

}  // namespace burstgate::cli

// Those who are told what a run came to, after the reports: alerts, and a Prometheus Pushgateway. Whatever becomes of
// it, the exit code is the verdict's.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/arguments.hpp"
#include "config/alert.hpp"
#include "config/read.hpp"
#include "report/report.hpp"

namespace burstgate::cli {

struct Receivers {
  std::vector<config::Alert> alerts;
  std::optional<config::PushGateway> push_gateway;
};

// Whether the receivers' URLs can be asked at all; from here on messages do not show them. Error (Trouble::usage).
void check_receivers(const config::Settings& settings);

// Those of the settings, less what --no-alerts says; --push-gateway takes the place of the file's URL. Error
// (Trouble::usage): an alert would run a command in a job that runs for a stranger's pull request.
Receivers receivers_of(const Arguments& arguments, const config::Settings& settings);
// For commands without a YAML file: that of --push-gateway, if any.
Receivers receivers_of(const Arguments& arguments);

// Sends what is due, all at the same time and for at most a few seconds. `results_folder`: the history that counts how
// long it has been going on. Of an interrupted run nobody is told. What could not be sent is a warning on stderr.
void tell_receivers(const Receivers& receivers, const report::Report& report, const std::string& results_folder,
                    bool quiet);

// The figures alone. False, and a warning on stderr, when they were not taken.
bool push_figures(const Receivers& receivers, const report::Report& report, bool quiet);

}  // namespace burstgate::cli

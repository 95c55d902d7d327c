// `workload.exec`: one run of another tool against a service -> what it measured, as its importer reads it.
#pragma once

#include <functional>
#include <string>

#include "config/plan.hpp"
#include "measure/measurement.hpp"

namespace burstgate::cli {

// Runs the tool against `url` and reads its results; plan.exec is set. `service_alive` is polled. A signal or the end
// of the service ends the tool: the measurement then is without requests and its stop_reason says why.
// target::ToolError, with the tool's last lines: it cannot be started, ended with anything but status 0, wrote nothing
// or nothing that is recognised, or not the file that was to be read.
measure::Measurement run_tool_once(const config::Plan& plan, const std::string& url,
                                   const std::function<bool()>& service_alive);

// Error (Trouble::target) when nothing takes connections at the URL.
void check_service_is_there(const std::string& url);

// The command, which says what is sent. What its results say about the tool joins it.
measure::Workload exec_workload(const config::Exec& exec);

}  // namespace burstgate::cli

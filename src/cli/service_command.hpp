// The configured service as the target room starts it.
#pragma once

#include "config/plan.hpp"
#include "target/service_process.hpp"

namespace burstgate::cli {

inline target::ServiceCommand service_command(const config::Service& service) {
  target::ServiceCommand command;
  command.argv = service.command;
  command.url = service.url;
  command.ready_path = service.ready.path;
  command.ready_within = service.ready.within;
  return command;
}

}  // namespace burstgate::cli

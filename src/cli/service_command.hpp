// The configured service as the target room starts it.
#pragma once

#include <string>

#include "config/plan.hpp"
#include "load/tls_settings.hpp"
#include "protocol/url.hpp"
#include "target/service_process.hpp"

namespace burstgate::cli {

// For looking at a URL whose port is chosen later.
inline std::string with_port(std::string url, std::string_view port) {
  const auto at = url.find("{port}");
  return at == std::string::npos ? url : url.replace(at, 6, port);
}

// Whether the service answers is what it is asked before the burst. Who it is, the burst asks first thing, and says so
// if it is somebody else: so nothing is verified here.
inline target::Speech readiness_speech(config::Service service) {
  service.tls.insecure = true;
  service.tls.ca_file.clear();
  const protocol::Url url = protocol::parse_url(with_port(service.url, "80"), "service.url");
  return {load::tls_context(service, url), service.http == config::HttpVersion::http2, url.is_tcp()};
}

inline target::ServiceCommand service_command(const config::Service& service) {
  target::ServiceCommand command;
  command.argv = service.command;
  command.url = service.url;
  command.ready_path = service.ready.path;
  command.ready_within = service.ready.within;
  command.speech = readiness_speech(service);
  return command;
}

}  // namespace burstgate::cli

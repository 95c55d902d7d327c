// Who is told what a run came to: messages after the reports, and figures for a Prometheus Pushgateway.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/place.hpp"
#include "config/header.hpp"

namespace burstgate::config {

// One message to one receiver: exactly one of webhook and command is there.
struct Alert {
  enum class Format { json, slack };
  std::vector<std::string> when;         // outcomes: "warn", "fail", "inconclusive"; at least one
  int sustained = 1;                     // only when so many runs in a row, this one included, had such an outcome
  std::optional<Secretive> webhook;      // a URL that the message is posted to
  Format format = Format::json;          // of the webhook
  std::vector<std::string> command;      // argv, no shell; the message is its stdin
  std::vector<std::string> environment;  // names of variables that the command gets beside the usual ones
  Place place;
};

// Where the figures of a run are put, as the group job/operation/profile/labels.
struct PushGateway {
  Secretive url;  // before "/metrics/job/..."; no slash at its end
  std::string job = "burstgate";
  std::vector<std::pair<std::string, std::string>> labels;  // in the order of the file
  Place place;
};

inline constexpr std::size_t max_alerts = 20;
inline constexpr int max_sustained = 1000;

}  // namespace burstgate::config

// Where a Prometheus Pushgateway keeps the figures of a run: https://github.com/prometheus/pushgateway#url
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace burstgate::report {

// "/metrics/job/burstgate/operation/api": what stands behind the gateway's URL. Values that a path cannot hold as they
// are stand in base64, with the label's name saying so.
std::string pushgateway_path(const std::string& job, const std::vector<std::pair<std::string, std::string>>& labels);

// Of render_prometheus().
inline constexpr const char* prometheus_content_type = "text/plain; version=0.0.4; charset=utf-8";

}  // namespace burstgate::report

#include "measure/run_summary.hpp"

#include "measure/measurement.hpp"

namespace burstgate::measure {

namespace {

Figures figures_of(const EndpointResult& endpoint, double duration_s) {
  Figures figures;
  for (const Metric metric : all_metrics) {
    // The others have histograms, which a history does not read.
    if (basis(metric) != MetricBasis::answers && basis(metric) != MetricBasis::run) continue;
    if (const auto value = value_of(endpoint, metric, duration_s)) figures[metric] = *value;
  }
  return figures;
}

}  // namespace

RunSummary summary_of_run(const Measurement& run, const std::string& file) {
  RunSummary summary;
  summary.file = file;
  summary.started_at_unix_s = run.started_at_unix_s;
  summary.commit = run.commit;
  summary.branch = run.branch;
  summary.pull_request = run.pull_request;
  summary.operation = run.operation;
  summary.profile = run.profile;
  if (!run.is_point()) summary.machine_class = run.environment.machine_class();
  summary.workload_digest = run.workload.digest;
  summary.complete = !run.partial && !run.target_died;
  summary.total = figures_of(run.total, run.duration_s);
  for (const EndpointResult& endpoint : run.endpoints) {
    summary.endpoints.emplace_back(endpoint.name, figures_of(endpoint, run.duration_s));
  }
  return summary;
}

}  // namespace burstgate::measure

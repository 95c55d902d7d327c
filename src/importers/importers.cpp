#include "importers/importers.hpp"

#include "importers/ab.hpp"
#include "importers/artillery.hpp"
#include "importers/autocannon.hpp"
#include "importers/endpoint_baselines.hpp"
#include "importers/flat_summary.hpp"
#include "importers/fortio.hpp"
#include "importers/gatling.hpp"
#include "importers/google_benchmark.hpp"
#include "importers/h2load.hpp"
#include "importers/hey.hpp"
#include "importers/hlog.hpp"
#include "importers/hyperfine.hpp"
#include "importers/jmeter.hpp"
#include "importers/k6.hpp"
#include "importers/locust.hpp"
#include "importers/oha.hpp"
#include "importers/pgbench.hpp"
#include "importers/redis_benchmark.hpp"
#include "importers/siege.hpp"
#include "importers/unread.hpp"
#include "importers/vegeta.hpp"
#include "importers/wrk.hpp"

namespace burstgate::importers {

// Files of lines first: of those a line is JSON, but not the whole.
const std::vector<Format>& formats() {
  static const std::vector<Format> table = {
      {"k6 JSON lines", is_k6_lines, read_k6_lines},
      {"vegeta JSON results", is_vegeta_lines, read_vegeta_lines},
      {"k6 CSV", is_k6_csv, read_k6_csv},
      {"JMeter JTL (CSV)", is_jmeter_csv, read_jmeter_csv},
      {"Locust _stats.csv", is_locust_stats, read_locust_stats},
      {"wrk2 text", is_wrk2, read_wrk2},
      {"wrk text", is_wrk, read_wrk},
      {"HdrHistogram .hlog", is_hlog, read_hlog},
      {"ab text", is_ab_text, read_ab_text},
      {"ab -e CSV", is_ab_percentiles, read_ab_percentiles},
      {"ab -g TSV", is_ab_requests, read_ab_requests},
      {"hey text", is_hey_text, read_hey_text},
      {"hey CSV", is_hey_csv, read_hey_csv},
      {"vegeta CSV results", is_vegeta_csv, read_vegeta_csv},
      {"vegeta percentile plot", is_vegeta_plot, read_vegeta_plot},
      {"h2load text", is_h2load_text, read_h2load_text},
      {"h2load log", is_h2load_log, read_h2load_log},
      {"Gatling simulation.log", is_gatling_log, read_gatling_log},
      {"siege JSON or text", is_siege, read_siege},
      {"pgbench text", is_pgbench_text, read_pgbench_text},
      {"pgbench log", is_pgbench_log, read_pgbench_log},
      {"redis-benchmark CSV", is_redis_csv, read_redis_csv},
      {"redis-benchmark text", is_redis_text, read_redis_text},
      {"vegeta JSON report", is_vegeta_report, read_vegeta_report},
      {"k6 summary", is_k6_summary, read_k6_summary},
      {"oha JSON", is_oha, read_oha},
      {"autocannon JSON", is_autocannon, read_autocannon},
      {"fortio JSON", is_fortio, read_fortio},
      {"Artillery JSON", is_artillery, read_artillery},
      {"Gatling statistics", is_gatling_stats, read_gatling_stats},
      {"Google Benchmark JSON", is_google_benchmark, read_google_benchmark},
      {"hyperfine JSON", is_hyperfine, read_hyperfine},
      {"flat summary", is_flat_summary, read_flat_summary},
      {"endpoint baselines", is_endpoint_baselines, read_endpoint_baselines},
  };
  return table;
}

std::optional<measure::Measurement> read_foreign(Source& source) {
  if (source.first_line().empty()) source.fail_whole(without_requests, "is empty");
  for (const Format& format : formats()) {
    if (format.recognise(source)) return format.read(source);
  }
  refuse_unread(source);
  return std::nullopt;
}

}  // namespace burstgate::importers

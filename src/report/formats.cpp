#include "report/html.hpp"
#include "report/report.hpp"

namespace burstgate::report {

const std::vector<Format>& formats() {
  static const std::vector<Format> table = {
      {"junit", "--junit", "xml", render_junit, "write the JUnit report here"},
      {"html", "--html", "html", render_html, "write the HTML report here: one file, readable without scripts"},
      {"markdown", "--markdown", "md", render_markdown, "write the Markdown report here, as a step summary"},
      {"comment", "--comment", "md", render_comment, "write Markdown for a pull request's comment here"},
      {"csv", "--csv", "csv", render_csv, "write all figures as a table here"},
      {"openmetrics", "--openmetrics", "txt", render_openmetrics, "write OpenMetrics text here"},
      {"k6-summary", "--k6-summary", "json", render_k6_summary, "write a summary in k6's shape here, for GitLab"},
      {"badge", "--badge", "json", render_badge, "write the JSON of a shields.io badge here"},
      {"json", "--output", "json", render_json, "write the result JSON here (default: performance/results/)"},
  };
  return table;
}

}  // namespace burstgate::report

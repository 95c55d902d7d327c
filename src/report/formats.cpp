#include "report/html.hpp"
#include "report/report.hpp"

namespace burstgate::report {

const std::vector<Format>& formats() {
  static const std::vector<Format> table = {
      {"junit", "--junit", "xml", render_junit},
      {"html", "--html", "html", render_html},
      {"markdown", "--markdown", "md", render_markdown},
      {"json", "--output", "json", render_json},
  };
  return table;
}

}  // namespace burstgate::report

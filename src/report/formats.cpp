#include "report/report.hpp"

namespace burstgate::report {

const std::vector<Format>& formats() {
  static const std::vector<Format> table = {
      {"junit", "--junit", "xml", render_junit},
      {"markdown", "--markdown", "md", render_markdown},
      {"json", "--output", "json", render_json},
  };
  return table;
}

}  // namespace burstgate::report

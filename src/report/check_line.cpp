#include "report/check_line.hpp"

#include "report/picture.hpp"
#include "report/wording.hpp"

namespace burstgate::report {

CheckLine check_line(const verdict::Check& check, const measure::EndpointResult* measured, bool unicode) {
  constexpr std::size_t value_columns = 9, change_columns = 8, strip_columns = 22;
  constexpr int reach = 2;  // limits to the right
  const std::string now = candidate_text(check, measured);
  CheckLine line;
  if (check.kind == verdict::CheckKind::limit) {
    line.values = right(now, value_columns) + "  ";
  } else {
    line.values = right(baseline_text(check), value_columns) + " -> " + left(now, value_columns) +
                  right(check.change ? change_text(check.metric, *check.change) : "", change_columns) + " ";
  }
  line.picture = picture(check, strip_columns, reach, unicode);
  if (line.picture.empty()) line.limit = limit_text(check) + (check.already_broken ? ", already broken" : "");
  return line;
}

}  // namespace burstgate::report

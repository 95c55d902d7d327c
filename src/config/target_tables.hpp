// Targets as Markdown tables with a target and an acceptable column, as they stand in performance documents:
//
//   | Percentile | Target | Acceptable | Unacceptable |
//   |------------|--------|------------|--------------|
//   | P95 | < 500ms | < 1000ms | > 1000ms |
//
// Beyond the target is a warning. Beyond "unacceptable", and without such a column beyond "acceptable", fails. Rows are
// quantiles, or levels of load ("Normal (200 users)"); other tables and all other text are passed over.
#pragma once

#include <string>

#include "config/foreign_rules.hpp"

namespace burstgate::config {

bool has_target_tables(const std::string& text);
ForeignRules read_target_tables(const std::string& text, const std::string& file, Mistakes& mistakes);

}  // namespace burstgate::config

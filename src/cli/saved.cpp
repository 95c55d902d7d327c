#include "cli/saved.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/json_text.hpp"
#include "baseline/baseline.hpp"
#include "importers/importers.hpp"

namespace burstgate::cli {

std::vector<measure::Measurement> read_saved(const std::string& path) {
  const auto json = parse_json(read_file(path, max_json_bytes), path);
  if (json.is_object() && json.contains("schema")) return baseline::read_baseline(json, path);
  if (auto foreign = importers::read_foreign(json, path)) return {std::move(*foreign)};
  std::vector<std::string> known;
  for (const auto& format : importers::formats()) known.emplace_back(format.name);
  throw Error(Trouble::usage, {.code = "E-006",
                               .where = path,
                               .what = "not a burstgate result, and no other format that is known",
                               .hint = fmt::format("known besides ours: {}", fmt::join(known, ", "))});
}

}  // namespace burstgate::cli

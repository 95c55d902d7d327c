// Other tools' results -> Measurement. A table of formats, recognised by their content, never by a file's name.
//
// Files with single requests become whole measurements; files with summary figures become point measurements, in which
// a figure that the file lacks is missing. docs/importing.md lists what each format gives.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "importers/source.hpp"
#include "measure/measurement.hpp"

namespace burstgate::importers {

struct Format {
  std::string_view name;                         // "k6 JSON lines"
  bool (*recognise)(Source& source);             // by its head or its JSON; Error only when that JSON is malformed
  measure::Measurement (*read)(Source& source);  // Error (Trouble::usage) with file and line or JSON path
};
const std::vector<Format>& formats();

// The measurement in the file, or nothing when no format recognises it. Error (Trouble::usage) for a form of a known
// tool that is not read, with the form that is.
std::optional<measure::Measurement> read_foreign(Source& source);

}  // namespace burstgate::importers

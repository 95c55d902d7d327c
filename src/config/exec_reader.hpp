// `workload.exec`: another tool that sends the load.
#pragma once

#include <optional>

#include "config/fields.hpp"
#include "config/plan.hpp"
#include "config/template_text.hpp"

namespace burstgate::config {

// Nothing: reported.
std::optional<Exec> read_exec(const Value& value, const Reading& reading);

// Keys of the workload that nobody would heed.
void refuse_beside_exec(const Value& workload, Mistakes& mistakes);

// The argument with {url}, {host}, {port} and {output} filled in; other braces stand for themselves.
struct ExecPlaces {
  std::string url;  // without a path
  std::string host;
  std::string port;
  std::string output;
};
std::string filled_argument(std::string argument, const ExecPlaces& places);

inline constexpr std::string_view output_mark = "{output}";
bool writes_output(const Exec& exec);  // {output} stands in its command

}  // namespace burstgate::config

// A run comes into a baseline although something speaks against it: somebody says why, and that is kept.
#pragma once

#include <cstddef>
#include <string>

#include "baseline/baseline.hpp"
#include "cli/arguments.hpp"
#include "report/report.hpp"

namespace burstgate::cli {

// --accept REASON.
FlagHelp accept_flag();

// The text of one of the command's own flags, made visible; "" without it. Error (Trouble::usage): blank or too long.
std::string stated_text(const Arguments& arguments, const char* flag, std::size_t longest);
std::string reason_to_accept(const Arguments& arguments);

// How the run came into the file, as of now.
baseline::Promotion accepted_promotion(const report::Report& report, const std::string& file,
                                       const std::string& accepted);

}  // namespace burstgate::cli

// `baseline:`: a file of stored runs, or the service of a paired comparison. Read with places, because flags may
// replace single values.
#pragma once

#include <optional>
#include <string>

#include "config/fields.hpp"
#include "config/plan.hpp"
#include "config/service_reader.hpp"
#include "config/template_text.hpp"

namespace burstgate::config {

struct PairedDraft {
  ServiceDraft service;
  std::optional<Placed<microseconds>> budget;
  std::optional<Placed<double>> rate;
  std::optional<Placed<microseconds>> relaunch;
};

struct BaselineDraft {
  std::optional<Placed<std::string>> file;
  std::optional<PairedDraft> paired;  // both only where that is reported
};

// `config_file`: a baseline file is named relative to it.
BaselineDraft read_baseline(const Value& value, const std::string& config_file, const Reading& reading);

// Whether a baseline given as one text is the URL of a running service rather than the name of a file.
bool names_service(const std::string& baseline);

// A single value, for the flag.
std::optional<microseconds> read_budget(const Value& value, Mistakes& mistakes);

// Puts the baseline into the plan, whose service is complete: `ready` is the candidate's unless written; a baseline
// that is the candidate itself, or that is asked for another path, is reported.
void set_baseline(Plan& plan, const BaselineDraft& draft, Mistakes& mistakes);

}  // namespace burstgate::config

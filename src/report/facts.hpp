// Facts about the run that every report lists: load, counts, latency, generator, machine, notes, next steps.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "report/rows.hpp"

namespace burstgate::report {

std::vector<Fact> run_facts(const Report& report);
std::vector<Fact> environment_facts(const Report& report);  // the machine, and how the baseline's differed

struct MachineDifference {
  std::string field;  // "kernel"
  std::string text;   // "6.1.0 -> 6.8.0"
};
std::vector<MachineDifference> machine_differences(const Report& report);

// One property of the machine, of both sides. Recorded runs of several kinds are joined by "or"; "" is not known.
struct MachineField {
  std::string label;
  std::string baseline;
  std::string candidate;
  bool differs = false;
};
std::vector<MachineField> machine_fields(const Report& report);  // empty without a baseline whose machine is known

std::vector<std::string> all_notes(const Report& report);  // the verdict's and the measurement's, without repetitions

// What to do now: advice (label "") and commands to copy (label "reproduce", "accept", ...).
struct NextStep {
  std::string label;
  std::string text;
  bool is_command = false;
};
std::vector<NextStep> next_steps(const Report& report);

// "2026-01-31T10:00:00" in UTC, without zone and fraction; times outside the years 1970 to 9999 become the nearest one.
std::string utc_text(std::int64_t unix_s);

}  // namespace burstgate::report

// What will be sent, and how: the value that the YAML file and the command line become, and that load/ carries out.
// Everything here is checked: whoever holds a Plan may run it.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/place.hpp"
#include "config/header.hpp"
#include "config/journey.hpp"

namespace burstgate::config {

using std::chrono::microseconds;

// One request: what is sent, and which answer counts as a success.
struct Step {
  std::string name;          // in reports, thresholds and results; steps of one name are the same request
  std::string method;        // upper case
  std::string target;        // path and query, starting with '/'
  std::string target_shown;  // with query values replaced by ***
  std::vector<Header> headers;
  Secretive body;
  std::vector<int> expect_status;          // empty: 200-299
  std::optional<std::string> expect_body;  // the answer's body must contain this text
  std::vector<Placeholder> target_placeholders{};
  std::vector<JsonCheck> expect_json{};
  std::vector<HeaderCheck> expect_headers{};
  std::optional<microseconds> expect_within{};  // the whole answer must be there
  std::vector<Save> saves{};
};

// What one virtual user does, over and over: the steps in order, then a pause.
struct Scenario {
  std::string name;
  double weight = 1;         // > 0; share of the iterations among all scenarios
  microseconds wait_min{0};  // think time between iterations, uniform between min and max
  microseconds wait_max{0};
  std::vector<Step> steps;           // at least one
  std::vector<Step> setup{};         // once per user, before its first iteration; not measured
  std::vector<Step> teardown{};      // once per user, after the load
  std::vector<std::string> slots{};  // the variables' names; those that the plan's setup saves come first
  std::vector<Variable> variables{};
  std::vector<FeederUse> feeders{};
};

// Closed model: a fixed number of users, each waiting for its answer. Open model: arrivals at a fixed rate, whatever
// the service does; latency is measured from the intended send time.
struct ClosedLoad {
  int users = 10;               // 1 .. max_users
  double spawn_rate_per_s = 0;  // users started per second; 0: as fast as the connect limit allows
};
struct OpenLoad {
  double rate_per_s = 0;  // > 0; iterations started per second
  int connections = 0;    // at most this many at the same time; arrivals beyond wait, and their latency counts it;
                          // 256 unless configured
};

struct Profile {
  std::string name = "default";
  std::optional<OpenLoad> open;  // set: open model, otherwise closed
  ClosedLoad closed;
  microseconds warmup{2'000'000};  // shorter than the duration; unless configured, at most a fifth of it
  microseconds duration{10'000'000};
};

struct Limits {  // that protect both sides
  microseconds request_timeout{10'000'000};
  microseconds connect_timeout{3'000'000};
  microseconds drain{2'000'000};  // how long unfinished requests may take after the end
  std::uint64_t max_response_bytes = 64u << 20;
  std::uint64_t max_head_bytes = 64u << 10;
};

struct Ready {
  std::string path = "/";
  microseconds within{30'000'000};
};

struct Service {
  std::string url;                   // "http://127.0.0.1:{port}" or fixed; {port} only with a command
  std::vector<std::string> command;  // argv, no shell; empty: the service runs already. "{port}" is replaced
  Ready ready;
  Place place;
};

// Paired comparison: the build to compare with runs beside the candidate, and load alternates between them.
struct Paired {
  Service service;                   // the baseline's; as the candidate's, `ready` taken from it unless given
  microseconds budget{60'000'000};   // of load on both sides together; min_budget .. max_budget
  std::optional<double> rate_per_s;  // of the latency phase; nothing: the profile's rate, or found by a short probe
  std::optional<microseconds> relaunch_every;  // load between two launches of both sides; nothing: chosen by start-up
};

struct Plan {
  std::string operation = "burst";  // names the stored result; [A-Za-z0-9_.-]
  Service service;
  std::vector<Scenario> scenarios;  // at least one
  Scenario around{};                // setup and teardown of the whole run; no steps
  std::size_t run_slots = 0;        // that `around` saves: the first ones of every scenario
  std::vector<Feeder> feeders{};
  Cookies cookies = Cookies::user;
  Profile profile;
  Limits limits;
  int threads = 0;                           // generator threads; 0: chosen from the allowed CPUs
  bool keep_alive = true;                    // false: a connection per request
  std::uint64_t seed = 1;                    // of every random choice
  std::optional<std::string> baseline_file;  // can be opened from the working directory
  std::optional<Paired> paired;              // never together with baseline_file
  Place baseline_place;                      // of either
};

// The steps of all scenarios, and those before and after them.
std::vector<const Step*> every_step(const Plan& plan);

// Requests of an iteration whose steps all succeed: the mean over the scenarios, by their weights.
double requests_per_iteration(const Plan& plan);

inline constexpr int max_users = 100'000;
inline constexpr double max_rate_per_s = 1'000'000;
inline constexpr std::chrono::hours max_duration{24 * 7};
inline constexpr std::chrono::seconds min_budget{8};
inline constexpr std::chrono::minutes max_budget{10};
inline constexpr std::chrono::milliseconds min_relaunch{500};

}  // namespace burstgate::config

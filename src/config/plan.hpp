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
#include "config/websocket.hpp"

namespace burstgate::config {

using std::chrono::microseconds;

// An answer that comes piece by piece: it is good as soon as it has brought so many events, or one that contains the
// text, or when it ends by itself.
struct EventStream {
  enum class Format { sse, lines };
  Format format = Format::sse;
  std::uint64_t events = 0;  // 0: as many as come
  std::string until{};       // empty: whatever they say; never together with events
};

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
  std::optional<EventStream> stream{};  // the answer is a stream
};

// Think time between iterations: uniform between `least` and `most`, or exponential with the mean `least` = `most`.
struct Wait {
  microseconds least{0};
  microseconds most{0};
  bool exponential = false;
};

// What one virtual user does, over and over: the steps in order, then a pause.
struct Scenario {
  std::string name;
  double weight = 1;  // > 0; share of the iterations among all scenarios
  Wait wait{};
  std::vector<Step> steps;  // at least one; none with a WebSocket, which has its own
  std::optional<WebSocket> websocket{};
  std::vector<Step> setup{};         // once per user, before its first iteration; not measured
  std::vector<Step> teardown{};      // once per user, after the load
  std::vector<std::string> slots{};  // the variables' names; those that the plan's setup saves come first
  std::vector<Variable> variables{};
  std::vector<FeederUse> feeders{};
};

// What a scenario measures: the endpoint's name, and how often in an iteration whose steps all succeed.
struct EndpointUse {
  std::string name;
  double times = 1;
};
std::vector<EndpointUse> endpoints_of(const Scenario& scenario);

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

// A stretch in which the load changes evenly from where the stage before left it (the first begins at 0).
struct Stage {
  std::string name;      // in reports; "stage 2" unless configured
  double target = 0;     // users, or iterations started per second, at its end; >= 0
  microseconds over{0};  // 0: a jump, never at the end
};

struct Profile {
  std::string name = "default";
  std::optional<OpenLoad> open;  // set: open model, otherwise closed
  ClosedLoad closed;
  microseconds warmup{2'000'000};  // shorter than the duration; unless configured, at most a fifth of it
  microseconds duration{10'000'000};
  // Load that changes: `open` or `closed` then hold its peak, and warm-up and duration together are as long as the
  // stages; without any the load is constant.
  std::vector<Stage> stages;
};

// "50 users over 30 s", "200/s over 30 s", "500 users at once".
std::string stage_text(const Profile& profile, const Stage& stage);

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

// How TLS is spoken; of https URLs only. Certificates are always verified unless `insecure`.
enum class TlsVersion { v1_2, v1_3 };
struct Tls {
  std::string ca_file;       // of those that may sign the service's certificate; empty: the system's
  std::string cert_file;     // the client's own chain, PEM; empty: none. Never without key_file
  std::string key_file;      // readable by its owner only
  Secretive key_passphrase;  // empty: the key is not encrypted
  std::string server_name;   // asked for and verified instead of the URL's host; empty: the host
  bool insecure = false;     // nothing is verified; said in every report
  bool resumption = false;   // a user's new connection resumes its last session; 0-RTT never
  TlsVersion min_version = TlsVersion::v1_2;
  TlsVersion max_version = TlsVersion::v1_3;
  Place place;  // line 0: not written
};

// Spoken and nothing else: what the service would rather speak is an error, never a fall-back.
enum class HttpVersion { http1, http2 };

struct Service {
  std::string url;                   // "http://127.0.0.1:{port}" or fixed; {port} only with a command
  std::vector<std::string> command;  // argv, no shell; empty: the service runs already. "{port}" is replaced
  Ready ready;
  HttpVersion http = HttpVersion::http1;
  int streams = 1;  // of HTTP/2: users that share a connection
  Tls tls;
  Place place;

  bool is_tcp() const { return url.starts_with("tcp://"); }  // not HTTP: a database, a cache
  bool is_tls() const { return url.starts_with("https://") || url.starts_with("wss://"); }
};

// Paired comparison: the build to compare with runs beside the candidate, and load alternates between them.
struct Paired {
  Service service;                   // the baseline's; as the candidate's, `ready` taken from it unless given
  microseconds budget{60'000'000};   // of load on both sides together; min_budget .. max_budget
  std::optional<double> rate_per_s;  // of the latency phase; nothing: the profile's rate, or found by a short probe
  std::optional<microseconds> relaunch_every;  // load between two launches of both sides; nothing: chosen by start-up
};

// Another tool that makes the load, instead of scenarios: started once or several times, and what it writes is read.
struct Exec {
  std::vector<Secretive> command;     // argv, no shell. {url}, {host} and {port} are the service's, {output} a new file
  std::string reads;                  // the file with its results, in which {output} may stand; empty: its stdout
  int times = 1;                      // 1 .. max_exec_times; each is a run
  microseconds timeout{300'000'000};  // of one run
  std::string folder;                 // where it is started; empty: here
  Place place;

  std::string shown() const;  // as written, variables by their names
};

struct Plan {
  std::string operation = "burst";  // names the stored result; [A-Za-z0-9_.-]
  Service service;
  std::vector<Scenario> scenarios;  // at least one; none with `exec`
  std::optional<Exec> exec{};
  Scenario around{};          // setup and teardown of the whole run; no steps
  std::size_t run_slots = 0;  // that `around` saves: the first ones of every scenario
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

// Sockets that a user may have open at the same time: one for its requests, and one for each scenario with a WebSocket.
int sockets_per_user(const Plan& plan);
// Whether every user keeps a connection: none of the WebSockets is closed within an iteration.
bool users_stay_connected(const Plan& plan);

inline constexpr int max_exec_times = 50;  // as many runs as a baseline holds
inline constexpr int max_users = 100'000;
inline constexpr int max_streams = 1000;
inline constexpr double max_rate_per_s = 1'000'000;
inline constexpr std::chrono::hours max_duration{24 * 7};
inline constexpr std::chrono::seconds min_budget{8};
inline constexpr std::chrono::minutes max_budget{10};
inline constexpr std::chrono::milliseconds min_relaunch{500};

}  // namespace burstgate::config

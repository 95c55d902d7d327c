#include "cli/paired_session.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <random>
#include <thread>

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/interrupt.hpp"
#include "cli/messages.hpp"
#include "cli/progress.hpp"
#include "cli/service_command.hpp"
#include "load/duet.hpp"
#include "probe/process_cpu.hpp"
#include "probe/spin.hpp"
#include "target/service_process.hpp"
#include "verdict/judge.hpp"
#include "verdict/looks.hpp"

namespace burstgate::cli {

namespace {

using measure::PairPhase;
using measure::Side;
using Clock = std::chrono::steady_clock;
using std::chrono::duration_cast;
using std::chrono::microseconds;
using std::chrono::milliseconds;
using Seconds = std::chrono::duration<double>;

// Requests per slice: enough for a p95, and slices short enough that a disturbance of the machine is in few of them.
constexpr double requests_per_slice = 60;
constexpr Seconds shortest_slice{0.1};
constexpr Seconds longest_slice{1.0};
constexpr double slice_jitter = 0.1;  // of its length, so that nothing periodic stays in step

constexpr milliseconds quiet_gap{10};  // between two slices, before the spin probe
constexpr milliseconds spin_length{5};
constexpr Seconds warmup_length{0.3};  // of each side after each launch, at the fixed rate: equal numbers of requests
constexpr Seconds probe_warmup{0.3};
constexpr Seconds probe_length{0.5};
constexpr double share_of_capacity = 0.5;    // the latency phase stays well below the knee
constexpr double highest_found_rate = 4000;  // requests per second
constexpr int rounds_in_turn = 3;            // two of the latency phase, one of the throughput phase

constexpr Seconds relaunch_cheap{2.0};  // of load between launches, where a launch takes less than cheap_launch
constexpr Seconds relaunch_usual{4.0};
constexpr Seconds cheap_launch{0.25};
constexpr int silent_slices_to_give_up = 3;

double seconds_since(Clock::time_point start) {
  return Seconds(Clock::now() - start).count();
}

// One side's service over all its launches.
struct SideState {
  Side side;
  config::Service service;
  std::optional<target::ServiceProcess> process{};
  std::optional<probe::ProcessCpu> cpu{};
  double idle_cpu_s = 0;
  double idle_s = 0;
  int silent_slices = 0;  // in a row without a single answer
  std::string failure{};  // why this side is lost

  bool restartable() const { return !service.command.empty(); }
};

class PairedSession {
 public:
  PairedSession(const config::Settings& settings, bool quiet, const PairedVariation& variation);
  PairedResult run();

 private:
  bool going() const { return !interrupted_ && sides_[0].failure.empty() && sides_[1].failure.empty(); }
  SideState& state(Side side) { return sides_[static_cast<std::size_t>(side)]; }
  void launch();
  void launch(SideState& side);
  void stop(SideState& side);
  void lose(SideState& side, std::string why, std::string log_tail);
  void warm_up();
  void show_progress(double next_look_s);
  void choose_rate();
  void play_round();
  measure::SideSlice play_slice(SideState& side, PairPhase phase, Seconds length, std::uint64_t seed);
  void look_after(SideState& side, const measure::SideSlice& slice);
  void note_idle_cpu(SideState& side, double cpu_before, double wall_s);
  bool relaunch_is_due() const;
  double probe_spin();
  verdict::Verdict judge();
  measure::Measurement measurement(Side side);

  const config::Settings& settings_;
  const config::Plan& plan_;
  const PairedVariation& variation_;
  ProgressLine progress_;
  load::Duet duet_;
  std::array<SideState, 2> sides_;
  measure::PairedRun run_;
  std::mt19937_64 random_;
  Clock::time_point began_ = Clock::now();
  std::optional<Clock::time_point> first_round_;
  double launch_s_ = 0;  // how long the last launch of both took
  double load_since_launch_s_ = 0;
  int launches_ = 0;
  double last_spin_ = 0;
  bool interrupted_ = false;
};

int users_of(const config::Plan& plan) {
  return plan.profile.closed.users;
}

PairedSession::PairedSession(const config::Settings& settings, bool quiet, const PairedVariation& variation)
    : settings_(settings),
      plan_(settings.plan),
      variation_(variation),
      progress_(quiet),
      duet_(plan_, users_of(plan_), signal_received()),
      sides_{SideState{.side = Side::baseline, .service = plan_.paired->service},
             SideState{.side = Side::candidate, .service = plan_.service}},
      random_(plan_.seed) {
  run_.seed = plan_.seed;
  run_.budget_s = Seconds(plan_.paired->budget).count();
  run_.users = users_of(plan_);
  run_.single_launch = !sides_[0].restartable() || !sides_[1].restartable();
}

// ---- launches ----

void PairedSession::lose(SideState& side, std::string why, std::string log_tail) {
  if (signal_received().load() != 0) {
    interrupted_ = true;
    return;
  }
  side.failure = std::move(why);
  progress_.say(fmt::format("{}: {}", name(side.side), side.failure));
  if (!log_tail.empty()) progress_.say(fmt::format("the {}'s last lines:", name(side.side)));
  print_log_tail(log_tail);
}

void PairedSession::stop(SideState& side) {
  if (side.failure.empty()) duet_.leave(side.side);
  side.cpu.reset();
  if (!side.process) return;
  for (const auto& warning : side.process->stop()) {
    progress_.say(fmt::format("warning: {}: {}", name(side.side), warning));
  }
  side.process.reset();
}

std::string place_and_trouble(const Error& error) {
  const Problem& first = error.problems().front();
  return first.where.empty() ? first.what : first.where + ": " + first.what;
}

void PairedSession::launch(SideState& side) {
  stop(side);
  try {
    std::string url = side.service.url;
    if (side.restartable()) {
      const auto interrupted = [] { return signal_received().load() != 0; };
      side.process.emplace(target::ServiceProcess::start(service_command(side.service), interrupted));
      side.cpu.emplace(side.process->supervisor_pid());
      url = side.process->url();
    }
    duet_.reach(side.side, variation_.front ? variation_.front(side.side, url) : url);
  } catch (const target::StartError& error) {
    lose(side, place_and_trouble(error), error.log_tail());
  } catch (const Error& error) {
    if (error.trouble() != Trouble::target) throw;
    lose(side, place_and_trouble(error), "");
  }
}

// Both anew, in random order: whoever starts first may get the better place in memory.
void PairedSession::launch() {
  const auto began = Clock::now();
  const bool candidate_first = (random_() & 1) != 0;
  if (launches_ == 0 || !run_.single_launch) {
    launch(state(candidate_first ? Side::candidate : Side::baseline));
    if (going()) launch(state(candidate_first ? Side::baseline : Side::candidate));
  }
  launch_s_ = seconds_since(began);
  load_since_launch_s_ = 0;
  ++launches_;
}

bool PairedSession::relaunch_is_due() const {
  if (run_.single_launch) return false;
  Seconds every = launch_s_ < cheap_launch.count() ? relaunch_cheap : relaunch_usual;
  every = std::max(every, Seconds(launch_s_));  // not more time for launches than for load
  if (plan_.paired->relaunch_every) every = Seconds(*plan_.paired->relaunch_every);
  return load_since_launch_s_ >= every.count();
}

void PairedSession::warm_up() {
  for (SideState& side : sides_) {
    if (going()) play_slice(side, PairPhase::latency, warmup_length, 0);
  }
}

// ---- the rate of the latency phase ----

void PairedSession::choose_rate() {
  const auto given = plan_.paired->rate_per_s;
  if (given || plan_.profile.open) {
    run_.rate_was_given = true;
    run_.latency_rate_per_s = given ? *given : plan_.profile.open->rate_per_s;
  } else {
    progress_.say("looking for a rate below the baseline's knee");
    SideState& baseline = state(Side::baseline);
    play_slice(baseline, PairPhase::throughput, probe_warmup, 0);
    if (!going()) return;
    const measure::SideSlice probed = play_slice(baseline, PairPhase::throughput, probe_length, 1);
    if (probed.total.ok == 0 && going()) lose(baseline, "no request succeeded", "");
    if (!going()) return;  // cut short, it has no rate
    const double capacity = static_cast<double>(probed.total.ok) / probed.total.duration_s;
    const double requests_per_s = std::clamp(share_of_capacity * capacity, 1.0, highest_found_rate);
    run_.latency_rate_per_s = requests_per_s / config::requests_per_iteration(plan_);
  }
  duet_.set_rate(run_.latency_rate_per_s);
  const double requests_per_s = run_.latency_rate_per_s * config::requests_per_iteration(plan_);
  run_.slice_s = std::clamp(Seconds(requests_per_slice / requests_per_s), shortest_slice, longest_slice).count();
}

// ---- rounds ----

double PairedSession::probe_spin() {
  std::this_thread::sleep_for(quiet_gap);
  return last_spin_ = probe::lost_cpu(spin_length);
}

void PairedSession::note_idle_cpu(SideState& side, double cpu_before, double wall_s) {
  const auto cpu_after = side.cpu ? side.cpu->seconds() : std::nullopt;
  if (!cpu_after) return;
  side.idle_cpu_s += *cpu_after - cpu_before;
  side.idle_s += wall_s;
}

measure::SideSlice PairedSession::play_slice(SideState& side, PairPhase phase, Seconds length, std::uint64_t seed) {
  const auto cpu_of = [](SideState& s) { return s.cpu ? s.cpu->seconds() : std::nullopt; };
  SideState& other = state(side.side == Side::baseline ? Side::candidate : Side::baseline);
  const auto other_before = cpu_of(other);
  const auto before = cpu_of(side);
  const auto began = Clock::now();
  load::SliceLoad load{.phase = phase,
                       .duration = duration_cast<Clock::duration>(length),
                       .seed = seed,
                       .counted = first_round_.has_value()};
  measure::SideSlice slice = duet_.run(side.side, load);
  const auto after = cpu_of(side);
  if (before && after) slice.cpu_s = *after - *before;
  if (other_before) note_idle_cpu(other, *other_before, seconds_since(began));
  look_after(side, slice);
  return slice;
}

// Is the side still there?
void PairedSession::look_after(SideState& side, const measure::SideSlice& slice) {
  if (signal_received().load() != 0) interrupted_ = true;
  if (interrupted_) return;
  if (side.process && !side.process->alive()) {
    const std::string how = side.process->exit_text();
    lose(side, fmt::format("the service's process {} after {:.1f} s", how, seconds_since(began_)),
         side.process->log_tail());
    return;
  }
  const bool silent = slice.answered == 0 && slice.total.failed > 0;
  side.silent_slices = silent ? side.silent_slices + 1 : 0;
  if (side.silent_slices >= silent_slices_to_give_up) {
    lose(side, fmt::format("no answer in {} slices in a row", side.silent_slices), "");
  }
}

void PairedSession::play_round() {
  if (!first_round_) first_round_ = Clock::now();
  measure::Round round;
  const auto number = run_.rounds.size();
  round.phase = number % rounds_in_turn == rounds_in_turn - 1 ? PairPhase::throughput : PairPhase::latency;
  round.launch = launches_ - 1;
  round.candidate_first = (random_() & 1) != 0;
  round.start_s = seconds_since(*first_round_);
  const double stretch = std::uniform_real_distribution<double>(1 - slice_jitter, 1 + slice_jitter)(random_);
  const Seconds length{run_.slice_s * stretch};
  const std::uint64_t seed = random_();
  round.lost_cpu = last_spin_;
  for (int turn = 0; turn < 2 && going(); ++turn) {
    const Side side = (turn == 0) == round.candidate_first ? Side::candidate : Side::baseline;
    measure::side_of(round, side) = play_slice(state(side), round.phase, length, seed);
    round.lost_cpu = std::max(round.lost_cpu, probe_spin());
  }
  if (!going()) return;  // half a round says nothing
  load_since_launch_s_ += round.baseline.total.duration_s + round.candidate.total.duration_s;
  run_.rounds.push_back(std::move(round));
}

// ---- the end ----

measure::Measurement PairedSession::measurement(Side side) {
  measure::Measurement measurement = duet_.measurement(side);
  measurement.partial = interrupted_ || !state(side).failure.empty();
  measurement.target_died = !state(side).failure.empty();
  measurement.stop_reason =
      interrupted_ ? fmt::format("interrupted after {:.1f} s", seconds_since(began_)) : state(side).failure;
  return measurement;
}

verdict::Verdict PairedSession::judge() {
  run_.wall_s = seconds_since(began_);
  const SideState &a = sides_[0], &b = sides_[1];
  if (a.idle_s + b.idle_s > 0) run_.idle_cpu_share = (a.idle_cpu_s + b.idle_cpu_s) / (a.idle_s + b.idle_s);
  return verdict::judge_paired(run_, measurement(Side::baseline), measurement(Side::candidate), settings_.thresholds);
}

void PairedSession::show_progress(double next_look_s) {
  PairedProgress progress;
  progress.paired_s = run_.paired_s();
  progress.budget_s = run_.budget_s;
  progress.rounds = run_.rounds.size();
  progress.next_look_s = next_look_s;
  for (const measure::Round& round : run_.rounds) {
    progress.failed += round.candidate.total.failed;
    if (round.phase != PairPhase::latency) continue;
    progress.baseline_p95_us = round.baseline.total.p95_us;
    progress.candidate_p95_us = round.candidate.total.p95_us;
  }
  progress_.show(progress);
}

PairedResult PairedSession::run() {
  progress_.say(fmt::format("paired comparison, {}{:.0f} s of load on both sides together",
                            variation_.full_length ? "" : "at most ", run_.budget_s));
  launch();
  if (going()) choose_rate();
  if (going()) warm_up();
  if (!run_.single_launch || going()) run_.endpoint_names = duet_.endpoint_names();
  const verdict::Looks looks(run_.budget_s);
  for (std::size_t look = 0; look < looks.count() && going();) {
    if (relaunch_is_due()) {
      launch();
      if (going()) warm_up();
      if (!going()) break;
    }
    play_round();
    show_progress(looks.times_s()[look]);
    if (run_.paired_s() < looks.times_s()[look]) continue;
    ++look;
    if (variation_.full_length) continue;
    const verdict::Verdict so_far = judge();
    progress_.say(fmt::format("{:.0f} s of {:.0f} s of load, {} rounds: {}", run_.paired_s(), run_.budget_s,
                              run_.rounds.size(),
                              so_far.sequence->decided ? so_far.sequence->why_stopped : "undecided"));
    if (so_far.sequence->decided) break;
  }
  progress_.end();
  for (SideState& side : sides_) stop(side);
  // From here on nothing touches the network.
  PairedResult result;
  result.verdict = judge();
  result.baseline = measurement(Side::baseline);
  result.candidate = measurement(Side::candidate);
  result.run = std::move(run_);
  return result;
}

}  // namespace

PairedResult compare_side_by_side(const config::Settings& settings, bool quiet, const PairedVariation& variation) {
  return PairedSession(settings, quiet, variation).run();
}

}  // namespace burstgate::cli

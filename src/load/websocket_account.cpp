#include "load/websocket_account.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "load/request.hpp"

namespace burstgate::load {

namespace {

void raise(std::optional<double>& highest, const std::optional<double>& value) {
  if (value && (!highest || *value > *highest)) highest = value;
}

void lower(std::optional<double>& lowest, const std::optional<double>& value) {
  if (value && (!lowest || *value < *lowest)) lowest = value;
}

}  // namespace

void DropReadings::add(const DropReadings& other) {
  connection_growth += other.connection_growth;
  raise(before, other.before);
  lower(lowest, other.lowest);
  raise(highest, other.highest);
}

std::optional<double> DropReadings::value(config::DropFigure::Kind kind) const {
  if (!highest) return std::nullopt;
  switch (kind) {
    case config::DropFigure::Kind::connection:
      return connection_growth;
    case config::DropFigure::Kind::service:
      // The first reading in the window is a base only where there was none before: what it has grown by since is
      // known.
      return std::max(0.0, *highest - before.value_or(*lowest));
    case config::DropFigure::Kind::level:
      break;
  }
  return highest;
}

void MessageCounts::add(const MessageCounts& other) {
  sent += other.sent;
  received += other.received;
  lost += other.lost;
  late += other.late;
  duplicate += other.duplicate;
  unexpected += other.unexpected;
  unclean_closes += other.unclean_closes;
  drops.add(other.drops);
}

void WebSocketAccount::sent(std::size_t scenario, Instant now) {
  if (counted(now)) ++counts_[scenario].sent;
}

void WebSocketAccount::received(std::size_t scenario, Fit fit, Instant now) {
  if (!counted(now)) return;
  MessageCounts& counts = counts_[scenario];
  ++counts.received;
  if (fit == Fit::late) ++counts.late;
  if (fit == Fit::duplicate) ++counts.duplicate;
  if (fit == Fit::unexpected) ++counts.unexpected;
}

void WebSocketAccount::lost(std::size_t scenario, Instant now) {
  if (counted(now)) ++counts_[scenario].lost;
}

void WebSocketAccount::unclean_close(std::size_t scenario, Instant now) {
  if (counted(now)) ++counts_[scenario].unclean_closes;
}

void WebSocketAccount::drops_read(std::size_t scenario, double before, double value, Instant now) {
  DropReadings& drops = counts_[scenario].drops;
  if (!counted(now)) return raise(drops.before, value);
  drops.connection_growth += std::max(0.0, value - before);
  lower(drops.lowest, value);
  raise(drops.highest, value);
}

void WebSocketAccount::add(const WebSocketAccount& other) {
  counts_.resize(std::max(counts_.size(), other.counts_.size()));
  for (std::size_t i = 0; i < other.counts_.size(); ++i) counts_[i].add(other.counts_[i]);
}

namespace {

void add_figures(measure::EndpointResult& endpoint, const MessageCounts& counts, const std::optional<double>& drops) {
  const auto add = [&](Metric metric, double value) { endpoint.figures[metric] += value; };
  add(Metric::ws_lost, static_cast<double>(counts.lost));
  add(Metric::ws_unexpected, static_cast<double>(counts.unexpected + counts.duplicate + counts.late));
  add(Metric::ws_unclean_closes, static_cast<double>(counts.unclean_closes));
  if (drops) add(Metric::ws_drops, *drops);
}

std::string note_of(const MessageCounts& counts, double duration_s) {
  const auto per_s = [&](std::uint64_t count) { return duration_s > 0 ? static_cast<double>(count) / duration_s : 0; };
  return fmt::format(
      "WebSocket messages: {} sent ({:.1f}/s), {} received ({:.1f}/s), {} lost, {} late, {} duplicate, {} unexpected",
      counts.sent, per_s(counts.sent), counts.received, per_s(counts.received), counts.lost, counts.late,
      counts.duplicate, counts.unexpected);
}

}  // namespace

void write_messages(measure::Measurement& measurement, const WebSocketAccount& account, const RequestSet& requests) {
  MessageCounts sum;
  bool any = false;
  for (const ScenarioRequests& scenario : requests.scenarios) {
    if (!scenario.websocket) continue;
    any = true;
    const WebSocketScript& script = *scenario.websocket;
    const MessageCounts& counts = account.counts()[script.index];
    const auto drops = script.drops ? counts.drops.value(script.drops->kind) : std::nullopt;
    add_figures(measurement.endpoints[script.connect_endpoint], counts, drops);
    add_figures(measurement.total, counts, drops);
    sum.add(counts);
  }
  if (any) measurement.notes.push_back(note_of(sum, measurement.duration_s));
}

}  // namespace burstgate::load

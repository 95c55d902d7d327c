#include "config/websocket_text.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "config/units.hpp"

namespace burstgate::config {

namespace {

std::string awaited(const WebSocketStep& step) {
  std::vector<std::string> conditions;
  if (step.send && !step.send->id_pointer.empty()) conditions.push_back(step.send->id_pointer + " = its id");
  for (const auto& [pointer, value] : step.await->values) conditions.push_back(pointer + " = " + value.shown);
  return conditions.empty() ? "any message" : join(conditions, ", ");
}

}  // namespace

std::string to_text(const WebSocketStep& step) {
  if (step.close_code) return fmt::format("close {}", *step.close_code);
  if (!step.send && !step.await) return "wait " + to_text(step.wait);
  std::vector<std::string> parts;
  if (step.send) {
    parts.push_back(
        fmt::format("send {} bytes{}", step.send->payload.shown.size(), step.send->binary ? " in hex" : ""));
  }
  if (step.await) parts.push_back("await " + awaited(step));
  return (step.await ? step.await->name + ": " : "") + join(parts, ", ");
}

std::string to_text(const DropFigure& drops) {
  switch (drops.kind) {
    case DropFigure::Kind::connection:
      return drops.pointer + " (counter of the connection)";
    case DropFigure::Kind::service:
      return drops.pointer + " (counter of the service)";
    case DropFigure::Kind::level:
      break;
  }
  return drops.pointer + " (level)";
}

}  // namespace burstgate::config

// Formats: proc(5), os-release(5), Documentation/admin-guide/cgroup-v2.rst (cpu.max) and scheduler/sched-bwc.rst (v1).
#include "measure/environment_text.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <vector>

namespace burstgate::measure {

namespace {

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const auto end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == text.npos) return parts;
    text.remove_prefix(end + 1);
  }
}

template <typename Number>
std::optional<Number> number_in(std::string_view text) {
  text = trimmed(text);
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// The value of the first line "key<separator>value".
std::optional<std::string_view> value_of_key(std::string_view text, std::string_view key, char separator) {
  for (const auto line : split(text, '\n')) {
    const auto at = line.find(separator);
    if (at != line.npos && trimmed(line.substr(0, at)) == key) return trimmed(line.substr(at + 1));
  }
  return std::nullopt;
}

std::optional<double> ratio(std::optional<double> quota, std::optional<double> period) {
  if (!quota || !period || !(*quota > 0) || !(*period > 0)) return std::nullopt;
  return *quota / *period;
}

}  // namespace

std::string cpu_model_in(std::string_view cpuinfo) {
  // x86 says "model name", ARM boards "Model" or "Hardware", POWER "cpu", s390 "processor 0".
  for (const std::string_view key : {"model name", "Model", "Hardware", "cpu model", "cpu"}) {
    if (const auto value = value_of_key(cpuinfo, key, ':'); value && !value->empty()) return std::string(*value);
  }
  return {};
}

std::uint64_t memory_mib_in(std::string_view meminfo) {
  const auto value = value_of_key(meminfo, "MemTotal", ':');
  if (!value || !value->ends_with(" kB")) return 0;
  return number_in<std::uint64_t>(value->substr(0, value->size() - 3)).value_or(0) / 1024;
}

std::string os_name_in(std::string_view os_release) {
  std::string_view value = value_of_key(os_release, "PRETTY_NAME", '=').value_or("");
  const bool quoted =
      value.size() >= 2 && (value.front() == '"' || value.front() == '\'') && value.back() == value.front();
  if (quoted) value = value.substr(1, value.size() - 2);
  return std::string(value);
}

std::optional<CpuTicks> cpu_ticks_in(std::string_view stat) {
  // "cpu user nice system idle iowait irq softirq steal guest guest_nice"; guest time is part of user time already.
  constexpr std::size_t steal_field = 7;
  std::string_view line = stat.substr(0, stat.find('\n'));
  if (!line.starts_with("cpu ")) return std::nullopt;
  line.remove_prefix(4);
  CpuTicks ticks;
  std::size_t field = 0;
  for (const auto part : split(line, ' ')) {
    if (part.empty()) continue;
    const auto value = number_in<std::uint64_t>(part);
    if (!value) return std::nullopt;
    if (field <= steal_field) ticks.total += *value;
    if (field == steal_field) ticks.steal = *value;
    ++field;
  }
  constexpr std::size_t fields_always_there = 4;
  return field >= fields_always_there ? std::optional<CpuTicks>(ticks) : std::nullopt;
}

std::optional<double> cpu_limit_in_v2(std::string_view cpu_max) {
  const auto parts = split(trimmed(cpu_max), ' ');
  if (parts.size() != 2) return std::nullopt;
  return ratio(number_in<double>(parts[0]), number_in<double>(parts[1]));  // "max" is no number: no limit
}

std::optional<double> cpu_limit_in_v1(std::string_view quota_us, std::string_view period_us) {
  return ratio(number_in<double>(quota_us), number_in<double>(period_us));
}

std::optional<std::string> cgroup_folder_in(std::string_view proc_self_cgroup, std::string_view controller) {
  for (const auto line : split(proc_self_cgroup, '\n')) {
    const auto first = line.find(':');
    const auto second = first == line.npos ? line.npos : line.find(':', first + 1);
    if (second == line.npos) continue;
    const auto controllers = split(line.substr(first + 1, second - first - 1), ',');
    if (std::find(controllers.begin(), controllers.end(), controller) == controllers.end()) continue;
    return std::string(trimmed(line.substr(second + 1)));
  }
  return std::nullopt;
}

}  // namespace burstgate::measure

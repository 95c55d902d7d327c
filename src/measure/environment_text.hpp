// The parsers behind environment.hpp: from the text of the kernel's files to values. Nothing when the text does not
// say.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "measure/environment.hpp"

namespace burstgate::measure {

std::string cpu_model_in(std::string_view cpuinfo);               // /proc/cpuinfo; "" when unknown
std::uint64_t memory_mib_in(std::string_view meminfo);            // /proc/meminfo; 0 when unknown
std::string os_name_in(std::string_view os_release);              // /etc/os-release: PRETTY_NAME
std::optional<CpuTicks> cpu_ticks_in(std::string_view stat);      // /proc/stat
std::optional<double> cpu_limit_in_v2(std::string_view cpu_max);  // "150000 100000" -> 1.5; "max 100000" -> nothing
std::optional<double> cpu_limit_in_v1(std::string_view quota_us, std::string_view period_us);  // -1: no limit

// This process's folder in the hierarchy of the controller ("" for v2) as /proc/self/cgroup gives it: "/a/b".
std::optional<std::string> cgroup_folder_in(std::string_view proc_self_cgroup, std::string_view controller);

}  // namespace burstgate::measure

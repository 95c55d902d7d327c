// Which machine this is, as far as the kernel's files tell. Whatever is missing stays empty; nothing here can fail.
#include "measure/environment.hpp"

#include <fmt/format.h>
#include <sched.h>
#include <sys/utsname.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <thread>

#include "base/error.hpp"
#include "base/file.hpp"
#include "measure/environment_text.hpp"

namespace burstgate::measure {

namespace {

constexpr std::size_t largest_kernel_file = 4u << 20;  // /proc/cpuinfo of a 256-core machine has 400 KiB

std::string text_of(const std::string& path) {
  try {
    return read_file(path, largest_kernel_file);
  } catch (const Error&) {
    return {};
  }
}

void tighten(std::optional<double>& limit, const std::optional<double>& other) {
  if (other) limit = limit ? std::min(*limit, *other) : *other;
}

// The limits in `folder` and in every folder above it up to `mount`. Inside a container the path of the host may not
// exist; the mount itself then is the container's own group.
template <typename LimitIn>
std::optional<double> tightest(const std::string& mount, std::string folder, LimitIn limit_in) {
  std::optional<double> limit = limit_in(mount);
  while (folder.size() > 1) {
    tighten(limit, limit_in(mount + folder));
    folder.resize(folder.rfind('/') == folder.npos ? 0 : folder.rfind('/'));
  }
  return limit;
}

int cores_by_affinity() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(0, sizeof set, &set) == 0) return CPU_COUNT(&set);
  return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

int cores_within(const std::optional<double>& limit) {
  const int cores = cores_by_affinity();
  return limit ? std::clamp(static_cast<int>(std::ceil(*limit)), 1, cores) : cores;
}

// The variables by which the services announce themselves.
std::string ci_service() {
  constexpr std::array<std::pair<const char*, const char*>, 7> services = {{{"GITHUB_ACTIONS", "github"},
                                                                            {"GITLAB_CI", "gitlab"},
                                                                            {"JENKINS_URL", "jenkins"},
                                                                            {"TF_BUILD", "azure"},
                                                                            {"CIRCLECI", "circleci"},
                                                                            {"BUILDKITE", "buildkite"},
                                                                            {"CI", "other"}}};
  for (const auto& [variable, service] : services) {
    const char* value = std::getenv(variable);
    if (value != nullptr && *value != '\0') return service;
  }
  return {};
}

}  // namespace

std::optional<double> cpu_limit_under(const std::string& root) {
  const std::string groups = text_of(root + "/proc/self/cgroup");
  const std::string mount = root + "/sys/fs/cgroup";
  std::optional<double> limit = tightest(mount, cgroup_folder_in(groups, "").value_or(""), [](const auto& folder) {
    return cpu_limit_in_v2(text_of(folder + "/cpu.max"));
  });
  tighten(limit, tightest(mount + "/cpu", cgroup_folder_in(groups, "cpu").value_or(""), [](const auto& folder) {
            return cpu_limit_in_v1(text_of(folder + "/cpu.cfs_quota_us"), text_of(folder + "/cpu.cfs_period_us"));
          }));
  return limit;
}

Environment read_environment_under(const std::string& root) {
  Environment environment;
  environment.cpu_model = cpu_model_in(text_of(root + "/proc/cpuinfo"));
  environment.cpu_limit = cpu_limit_under(root);
  environment.cores = cores_within(environment.cpu_limit);
  if (utsname system{}; uname(&system) == 0) {
    environment.kernel = fmt::format("{} {} {}", system.sysname, system.release, system.machine);
  }
  environment.os = os_name_in(text_of(root + "/etc/os-release"));
  environment.memory_mib = memory_mib_in(text_of(root + "/proc/meminfo"));
#ifdef BURSTGATE_VERSION
  environment.generator_version = BURSTGATE_VERSION;
#endif
  environment.ci = ci_service();
  return environment;
}

Environment read_environment() {
  return read_environment_under("");
}

int allowed_cpus() {
  return cores_within(cpu_limit_under(""));
}

std::optional<CpuTicks> read_cpu_ticks() {
  return cpu_ticks_in(text_of("/proc/stat"));
}

}  // namespace burstgate::measure

#include "measure/environment.hpp"

#include <doctest/doctest.h>

#include <filesystem>

#include "measure/environment_text.hpp"
#include "unit/base/temp_folder.hpp"

namespace burstgate::measure {
namespace {

TEST_CASE("the kernel's files are understood") {
  CHECK(cpu_model_in("processor\t: 0\nmodel name\t: Example CPU @ 2.00GHz\nmodel name\t: other\n") ==
        "Example CPU @ 2.00GHz");
  CHECK(cpu_model_in("processor : 0\nModel\t\t: Raspberry Pi 5\n") == "Raspberry Pi 5");
  CHECK(cpu_model_in("") == "");
  CHECK(memory_mib_in("MemTotal:        8140900 kB\nMemFree: 1 kB\n") == 7950);
  CHECK(memory_mib_in("MemTotal: many\n") == 0);
  CHECK(os_name_in("NAME=\"Debian\"\nPRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\n") ==
        "Debian GNU/Linux 12 (bookworm)");
  CHECK(os_name_in("PRETTY_NAME='A'\n") == "A");
  CHECK(os_name_in("PRETTY_NAME=Void\n") == "Void");
  CHECK(os_name_in("PRETTY_NAME=\"\n") == "\"");
  CHECK(os_name_in("") == "");
}

TEST_CASE("CPU ticks: guest time is not counted twice") {
  const auto ticks = cpu_ticks_in("cpu  10 1 20 300 4 5 6 70 8 9\ncpu0 1 1 1 1\n");
  REQUIRE(ticks.has_value());
  CHECK(ticks->total == 416);
  CHECK(ticks->steal == 70);
  const auto old_kernel = cpu_ticks_in("cpu  10 1 20 300\n");
  REQUIRE(old_kernel.has_value());
  CHECK(old_kernel->total == 331);
  CHECK(old_kernel->steal == 0);
  CHECK_FALSE(cpu_ticks_in("").has_value());
  CHECK_FALSE(cpu_ticks_in("cpu  10 1 20\n").has_value());
  CHECK_FALSE(cpu_ticks_in("cpu  10 x 20 30\n").has_value());
  CHECK_FALSE(cpu_ticks_in("intr 10 1 20 30\n").has_value());
}

TEST_CASE("CPU quotas") {
  CHECK(cpu_limit_in_v2("150000 100000\n") == 1.5);
  CHECK_FALSE(cpu_limit_in_v2("max 100000\n").has_value());
  CHECK_FALSE(cpu_limit_in_v2("").has_value());
  CHECK_FALSE(cpu_limit_in_v2("150000 0\n").has_value());
  CHECK_FALSE(cpu_limit_in_v2("150000\n").has_value());
  CHECK(cpu_limit_in_v1("50000\n", "100000\n") == 0.5);
  CHECK_FALSE(cpu_limit_in_v1("-1\n", "100000\n").has_value());
  CHECK_FALSE(cpu_limit_in_v1("", "").has_value());
  CHECK(cgroup_folder_in("4:memory:/m\n1:cpu,cpuacct:/a/b\n0::/c\n", "cpu") == "/a/b");
  CHECK(cgroup_folder_in("4:memory:/m\n1:cpu:/a:b\n0::/c\n", "") == "/c");
  CHECK(cgroup_folder_in("1:cpu:/a:b\n", "cpu") == "/a:b");
  CHECK_FALSE(cgroup_folder_in("4:memory:/m\n", "cpu").has_value());
  CHECK_FALSE(cgroup_folder_in("garbage", "").has_value());
}

struct Root : TempFolder {
  void put(const std::string& name, const std::string& content) const {
    std::filesystem::create_directories(std::filesystem::path(*this / name).parent_path());
    write_plain(*this / name, content);
  }
};

TEST_CASE("case 175: the tightest quota of all groups around the process counts") {
  const Root root;
  root.put("proc/self/cgroup", "0::/outer/inner\n");
  CHECK_FALSE(cpu_limit_under(root.path()).has_value());
  root.put("sys/fs/cgroup/outer/inner/cpu.max", "300000 100000\n");
  CHECK(cpu_limit_under(root.path()) == 3.0);
  root.put("sys/fs/cgroup/outer/cpu.max", "50000 100000\n");
  CHECK(cpu_limit_under(root.path()) == 0.5);
  CHECK(read_environment_under(root.path()).cores == 1);
  CHECK(read_environment_under(root.path()).cpu_limit == 0.5);
  root.put("sys/fs/cgroup/cpu.max", "20000 100000\n");  // the container's own group, mounted at the top
  CHECK(cpu_limit_under(root.path()) == 0.2);
  root.put("proc/self/cgroup", "3:cpu,cpuacct:/x\n");
  root.put("sys/fs/cgroup/cpu/x/cpu.cfs_quota_us", "10000\n");
  root.put("sys/fs/cgroup/cpu/x/cpu.cfs_period_us", "100000\n");
  CHECK(cpu_limit_under(root.path()) == 0.1);
}

TEST_CASE("case 174: without /proc and /sys everything still works") {
  const Root root;
  const Environment environment = read_environment_under(root.path());
  CHECK(environment.cpu_model == "");
  CHECK(environment.os == "");
  CHECK(environment.memory_mib == 0);
  CHECK(environment.cores >= 1);
  CHECK_FALSE(environment.cpu_limit.has_value());
}

TEST_CASE("this machine") {
  CHECK(allowed_cpus() >= 1);
  CHECK(read_environment().cores == allowed_cpus());
  CHECK(read_environment().kernel.size() > 5);
}

}  // namespace
}  // namespace burstgate::measure

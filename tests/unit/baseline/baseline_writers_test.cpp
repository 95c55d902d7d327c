// Cases 130 and 131: several writers at once, and writers that are killed.
#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <ctime>
#include <filesystem>
#include <random>
#include <set>
#include <thread>

#include "base/error.hpp"
#include "base/file.hpp"
#include "baseline/baseline.hpp"
#include "unit/base/temp_folder.hpp"
#include "unit/measure/sample_measurement.hpp"

namespace burstgate::baseline {
namespace {

measure::Measurement run_of(int writer, int number) {
  measure::Measurement run = measure::sample_point();
  run.commit = std::to_string(writer) + "/" + std::to_string(number);
  return run;
}

// Runs `work` in a child process of its own, which ends without touching the parent's state.
template <typename Work>
pid_t in_child(Work work) {
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child > 0) return child;
  int status = 0;
  try {
    work();
  } catch (...) {
    status = 1;
  }
  ::_exit(status);
}

void concurrent_writers(int writers, int appends, const std::string& path) {
  std::vector<pid_t> children;
  for (int w = 0; w < writers; ++w) {
    children.push_back(in_child([&] {
      for (int i = 0; i < appends; ++i) append_run(path, run_of(w, i), false);
    }));
  }
  for (const pid_t child : children) {
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    CHECK(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 0);
  }
}

TEST_CASE("case 130: concurrent writers lose nothing") {
  for (const int writers : {2, 8}) {
    const TempFolder folder;
    const std::string path = folder / "b.json";
    const int appends = static_cast<int>(max_runs) / writers;  // as many as the file keeps
    for (int total = 0; total < 50; total += appends) {
      concurrent_writers(writers, appends, path);
      std::set<std::string> commits;
      for (const auto& run : read_baseline(path)) commits.insert(run.commit);
      CHECK(commits.size() == static_cast<std::size_t>(writers * appends));
      ::unlink(path.c_str());
    }
  }
}

TEST_CASE("case 130: who cannot get the lock is told who holds it") {
  const TempFolder folder;
  const std::string path = folder / "b.json";
  const FileLock held(path);
  std::string text;
  try {
    const FileLock second(path, 0.02);
  } catch (const Error& error) {
    CHECK(error.trouble() == Trouble::output);
    text = error.what();
  }
  CHECK(text.starts_with(path + ": error[E-502]: locked by pid " + std::to_string(::getpid()) + " on host "));
  CHECK(text.find("; waited 0.02 s; wait for it to end and try again") != text.npos);
}

TEST_CASE("case 130: threads exclude each other too, and the lock file goes away") {
  const TempFolder folder;
  const std::string path = folder / "b.json";
  int inside = 0, entered = 0;  // guarded by the lock alone
  bool together = false;
  const auto work = [&] {
    for (int i = 0; i < 100; ++i) {
      const FileLock lock(path);
      together = together || inside != 0;
      ++inside, ++entered, --inside;
    }
  };
  std::thread first(work), second(work);
  first.join(), second.join();
  CHECK_FALSE(together);
  CHECK(entered == 200);
  CHECK_FALSE(file_exists(path + ".lock"));
}

TEST_CASE("case 131: killed at any moment, the file is whole and nothing that was there is lost") {
  const TempFolder folder;
  const std::string path = folder / "b.json";
  append_run(path, run_of(0, 0), false);
  std::mt19937 random(131);
  for (int round = 0; round < 200; ++round) {
    if (read_baseline(path).size() > 25) append_run(path, run_of(round, 0), true);
    const std::size_t before = read_baseline(path).size();
    // The child tells of every append that returned.
    int told[2];
    REQUIRE(::pipe(told) == 0);
    const pid_t child = in_child([&] {
      for (int i = 0; i < 20; ++i) {
        append_run(path, run_of(round, i), false);
        if (::write(told[1], "x", 1) != 1) return;
      }
    });
    ::close(told[1]);
    const timespec pause{0, static_cast<long>(random() % 6'000'000)};
    ::nanosleep(&pause, nullptr);
    ::kill(child, SIGKILL);
    REQUIRE(::waitpid(child, nullptr, 0) == child);
    char bytes[32];
    std::size_t returned = 0;
    for (ssize_t n = 0; (n = ::read(told[0], bytes, sizeof bytes)) > 0;) returned += static_cast<std::size_t>(n);
    ::close(told[0]);
    const std::size_t after = read_baseline(path).size();
    CAPTURE(round);
    CHECK(after >= before + returned);
    CHECK(after <= before + returned + 1);
  }
  CHECK(append_run(path, run_of(999, 0), true) == 1);  // a killed holder's lock is free
  CHECK(std::distance(std::filesystem::directory_iterator(folder.path()), std::filesystem::directory_iterator()) == 1);
}

}  // namespace
}  // namespace burstgate::baseline

// Against processes that burn a known amount of CPU time when they are told to.
#include "probe/process_cpu.hpp"

#include <doctest/doctest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <csignal>
#include <ctime>
#include <thread>

using namespace burstgate::probe;

namespace {

constexpr double burnt_s = 0.06;
constexpr double tolerance_s = 0.03;  // clock ticks, and what the processes need for talking

double own_cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) { return double(time.tv_sec) + double(time.tv_usec) * 1e-6; };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

void burn() {
  const auto cpu = [](clockid_t clock) {
    timespec now{};
    clock_gettime(clock, &now);
    return double(now.tv_sec) + double(now.tv_nsec) * 1e-9;
  };
  const double end = cpu(CLOCK_THREAD_CPUTIME_ID) + burnt_s;
  while (cpu(CLOCK_THREAD_CPUTIME_ID) < end) {
  }
}

// A process below this one that does one thing at a time: 'b' burns and answers with its own CPU time, 'c' starts a
// child that burns and then waits, 'e' ends that child, 'q' quits. Everything but 'q' is answered.
class Worker {
 public:
  Worker() {
    REQUIRE(pipe(to_) == 0);
    REQUIRE(pipe(from_) == 0);
    pid_ = fork();
    REQUIRE(pid_ >= 0);
    if (pid_ == 0) live();
  }
  ~Worker() { quit(); }
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  pid_t pid() const { return pid_; }
  double tell(char what) {
    double answer = -1;
    REQUIRE(write(to_[1], &what, 1) == 1);
    REQUIRE(read(from_[0], &answer, sizeof answer) == sizeof answer);
    return answer;
  }
  void quit() {
    if (pid_ <= 0) return;
    CHECK(write(to_[1], "q", 1) == 1);
    waitpid(pid_, nullptr, 0);
    pid_ = 0;
    for (const int end : {to_[0], to_[1], from_[0], from_[1]}) close(end);
  }

 private:
  [[noreturn]] void live() {
    pid_t child = 0;
    for (char what = 0; read(to_[0], &what, 1) == 1 && what != 'q';) {
      if (what == 'b') burn();
      if (what == 'c') child = start_child();
      if (what == 'e') {
        kill(child, SIGKILL);
        waitpid(child, nullptr, 0);
      }
      answer(own_cpu_seconds());
    }
    _exit(0);
  }
  // Returns when it has burnt.
  pid_t start_child() {
    int ready[2];
    if (pipe(ready) != 0) _exit(1);
    const pid_t child = fork();
    if (child == 0) {
      burn();
      if (write(ready[1], "r", 1) != 1) _exit(1);
      for (;;) pause();
    }
    char byte = 0;
    if (read(ready[0], &byte, 1) != 1) _exit(1);
    return child;
  }
  void answer(double value) const {
    if (write(from_[1], &value, sizeof value) != sizeof value) _exit(1);
  }

  int to_[2];
  int from_[2];
  pid_t pid_ = -1;
};

}  // namespace

TEST_CASE("a process's CPU time is what it says itself") {
  Worker worker;
  ProcessCpu cpu(worker.pid());
  const double before = cpu.seconds().value();
  const double says = worker.tell('b');
  const double after = cpu.seconds().value();
  CHECK(after - before >= burnt_s);
  CHECK(after - before < burnt_s + tolerance_s);
  CHECK(std::abs(after - says) < tolerance_s);
}

TEST_CASE("children count, and what they used stays when they end") {
  Worker worker;
  ProcessCpu cpu(worker.pid());
  const double alone = cpu.seconds().value();
  worker.tell('c');
  CHECK(process_tree(worker.pid()).size() == 2);
  const double with_child = cpu.seconds().value();
  CHECK(with_child - alone >= burnt_s);
  worker.tell('e');
  CHECK(process_tree(worker.pid()) == std::vector<pid_t>{worker.pid()});
  const double after = cpu.seconds().value();
  CHECK(after >= with_child);
  CHECK(after - with_child < tolerance_s);
  worker.tell('b');
  CHECK(cpu.seconds().value() - after >= burnt_s);
}

TEST_CASE("the figure never decreases while children come and go") {
  Worker worker;
  ProcessCpu cpu(worker.pid());
  double last = 0;
  for (int i = 0; i < 3; ++i) {
    for (const char what : {'c', 'e'}) {
      worker.tell(what);
      const double now = cpu.seconds().value();
      CHECK(now >= last);
      last = now;
    }
  }
  CHECK(last >= 3 * burnt_s);
  CHECK(last < 3 * (burnt_s + tolerance_s));
}

TEST_CASE("threads count, also those that have ended") {
  ProcessCpu cpu(getpid());
  const double before = cpu.seconds().value();
  std::thread(burn).join();
  CHECK(cpu.seconds().value() - before >= burnt_s);
}

TEST_CASE("of a process that is gone nothing is known") {
  Worker worker;
  const pid_t pid = worker.pid();
  ProcessCpu cpu(pid);
  CHECK(cpu.seconds());
  worker.quit();
  CHECK_FALSE(cpu.seconds());
  CHECK(process_tree(pid).empty());
}

TEST_CASE("a tree is followed to its leaves, each process once") {
  Worker worker;
  worker.tell('c');
  auto tree = process_tree(getpid());
  CHECK(tree.front() == getpid());
  CHECK(std::find(tree.begin(), tree.end(), worker.pid()) != tree.end());
  CHECK(tree.size() >= 3);
  std::sort(tree.begin(), tree.end());
  CHECK(std::unique(tree.begin(), tree.end()) == tree.end());
  worker.tell('e');
}

// The real binary, started as a user would: arguments in, exit code and both streams out.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace burstgate::test {

struct Finished {
  int exit_code = -1;  // 128 + signal when a signal ended it
  std::string out;
  std::string err;
};

struct Launch {
  std::vector<std::string> arguments;
  std::filesystem::path folder = {};                                  // working directory; empty: this process's
  std::vector<std::pair<std::string, std::string>> environment = {};  // added to this process's
};

class RunningBinary {
 public:
  explicit RunningBinary(const Launch& launch);
  ~RunningBinary();  // kills it when it still runs
  RunningBinary(RunningBinary&& other) noexcept;
  RunningBinary& operator=(RunningBinary&&) = delete;

  pid_t pid() const { return pid_; }
  void signal(int number) const;
  // Until it handles SIGINT and SIGTERM: a signal before that just ends it. Fails the test after 20 s.
  void wait_until_signals_are_handled() const;
  // Reads stdout up to and including the next line end (for "listening on ...").
  std::string read_line();
  // Waits until it ends; fails the test when that takes longer than `seconds`.
  Finished wait(double seconds = 60);

 private:
  pid_t pid_ = -1;
  int out_ = -1;
  int err_ = -1;
  std::string out_text_;
  std::string err_text_;
};

Finished run_binary(const Launch& launch, double seconds = 60);

// `burstgate serve` on a free port, stopped at the end of the scope.
class Serve {
 public:
  explicit Serve(std::vector<std::string> flags);
  const std::string& url() const { return url_; }  // "http://127.0.0.1:43210/"
  RunningBinary& process() { return process_; }

 private:
  RunningBinary process_;
  std::string url_;
};

// A folder of its own under the system's temporary folder, removed at the end.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }
  std::string file(const std::string& name) const { return (path_ / name).string(); }
  void write(const std::string& name, const std::string& content) const;
  std::string read(const std::string& name) const;  // "" when it does not exist

 private:
  std::filesystem::path path_;
};

}  // namespace burstgate::test

#include "support/binary.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace burstgate::test {

namespace {

using SteadyClock = std::chrono::steady_clock;

void start_child(const Launch& launch, int out, int err) {
  dup2(out, STDOUT_FILENO);
  dup2(err, STDERR_FILENO);
  if (!launch.folder.empty() && chdir(launch.folder.c_str()) != 0) _exit(126);
  // What the surrounding CI sets must not change what is tested.
  for (const char* name : {"GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY", "GITHUB_WORKSPACE", "GITHUB_SHA", "GITLAB_CI",
                           "CI_COMMIT_SHA", "TF_BUILD", "BUILDKITE"})
    unsetenv(name);
  for (const auto& [name, value] : launch.environment) setenv(name.c_str(), value.c_str(), 1);
  std::vector<char*> argv = {const_cast<char*>(BURSTGATE_BINARY)};
  for (const auto& argument : launch.arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  execv(BURSTGATE_BINARY, argv.data());
  _exit(127);
}

// Appends what is there; false at the end of the stream.
bool read_some(int descriptor, std::string& text) {
  char buffer[65536];
  const auto size = ::read(descriptor, buffer, sizeof buffer);
  if (size > 0) text.append(buffer, static_cast<std::size_t>(size));
  return size > 0;
}

}  // namespace

RunningBinary::RunningBinary(const Launch& launch) {
  int out[2], err[2];
  if (pipe2(out, O_CLOEXEC) != 0 || pipe2(err, O_CLOEXEC) != 0) throw std::runtime_error("pipe2");
  pid_ = fork();
  if (pid_ == 0) start_child(launch, out[1], err[1]);
  close(out[1]);
  close(err[1]);
  out_ = out[0];
  err_ = err[0];
}

RunningBinary::RunningBinary(RunningBinary&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      out_(std::exchange(other.out_, -1)),
      err_(std::exchange(other.err_, -1)),
      out_text_(std::move(other.out_text_)),
      err_text_(std::move(other.err_text_)) {}

RunningBinary::~RunningBinary() {
  if (pid_ > 0) {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  if (out_ >= 0) close(out_);
  if (err_ >= 0) close(err_);
}

void RunningBinary::signal(int number) const {
  kill(pid_, number);
}

void RunningBinary::wait_until_signals_are_handled() const {
  constexpr std::uint64_t both = 1u << (SIGINT - 1) | 1u << (SIGTERM - 1);
  const std::string key = "SigCgt:";
  const auto process = std::filesystem::path("/proc") / std::to_string(pid_);
  const auto binary = std::filesystem::canonical(BURSTGATE_BINARY);
  const auto deadline = SteadyClock::now() + std::chrono::seconds(20);
  while (SteadyClock::now() < deadline) {
    std::error_code ignored;  // until it has become the binary, it has this test's handlers
    const bool is_binary = std::filesystem::read_symlink(process / "exe", ignored) == binary;
    std::ifstream status(process / "status");
    for (std::string line; is_binary && std::getline(status, line);) {
      if (line.starts_with(key) && (std::stoull(line.substr(key.size()), nullptr, 16) & both) == both) return;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  throw std::runtime_error("the binary never handled signals");
}

std::string RunningBinary::read_line() {
  while (out_text_.find('\n') == std::string::npos) {
    if (!read_some(out_, out_text_)) break;
  }
  const auto end = out_text_.find('\n');
  const std::string line = out_text_.substr(0, end);
  out_text_.erase(0, end == std::string::npos ? end : end + 1);
  return line;
}

Finished RunningBinary::wait(double seconds) {
  const auto deadline =
      SteadyClock::now() + std::chrono::duration_cast<SteadyClock::duration>(std::chrono::duration<double>(seconds));
  bool out_open = true, err_open = true;
  while (out_open || err_open) {
    pollfd polled[2] = {{out_open ? out_ : -1, POLLIN, 0}, {err_open ? err_ : -1, POLLIN, 0}};
    poll(polled, 2, 100);
    if (polled[0].revents != 0) out_open = read_some(out_, out_text_);
    if (polled[1].revents != 0) err_open = read_some(err_, err_text_);
    if (SteadyClock::now() > deadline) throw std::runtime_error("the binary did not end in time; stderr: " + err_text_);
  }
  int status = 0;
  waitpid(std::exchange(pid_, -1), &status, 0);
  const int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return {code, out_text_, err_text_};
}

Finished run_binary(const Launch& launch, double seconds) {
  return RunningBinary(launch).wait(seconds);
}

Serve::Serve(std::vector<std::string> flags)
    : process_([&] {
        flags.insert(flags.begin(), "serve");
        return Launch{.arguments = flags};
      }()) {
  const std::string line = process_.read_line();
  const auto at = line.find("http://");
  if (at == std::string::npos) throw std::runtime_error("serve did not start: " + line);
  url_ = line.substr(at);
}

TemporaryFolder::TemporaryFolder() {
  std::string name = (std::filesystem::temp_directory_path() / "burstgate-test-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp");
  path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

void TemporaryFolder::write(const std::string& name, const std::string& content) const {
  std::ofstream(path_ / name, std::ios::binary) << content;
}

std::string TemporaryFolder::read(const std::string& name) const {
  std::ifstream file(path_ / name, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace burstgate::test

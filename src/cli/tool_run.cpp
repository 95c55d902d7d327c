// What the tool leaves is read by the importers, by its content. A file that was there before is not taken for a
// result: it must have changed, or better, be a new one in a folder that is made for this run ({output}).
#include "cli/tool_run.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "base/descriptor.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/interrupt.hpp"
#include "config/exec_reader.hpp"
#include "importers/importers.hpp"
#include "importers/origin.hpp"
#include "load/burst.hpp"
#include "protocol/url.hpp"
#include "target/readiness.hpp"
#include "target/service_process.hpp"
#include "target/tool_process.hpp"

namespace burstgate::cli {

namespace {

namespace fs = std::filesystem;
using measure::Measurement;

constexpr std::chrono::milliseconds connect_within{2000};

[[noreturn]] void fail(Problem problem) {
  throw Error(Trouble::target, std::move(problem));
}

// For one run; removed with everything in it.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::error_code error;
    const fs::path where = fs::temp_directory_path(error);
    std::string name = ((error ? fs::path("/tmp") : where) / "burstgate-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) {
      throw Error(Trouble::output, {.code = "E-432",
                                    .where = name,
                                    .what = fmt::format("cannot make a folder: {}", std::strerror(errno)),
                                    .hint = "TMPDIR names another place"});
    }
    path_ = name;
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  std::string file(const std::string& name) const { return (path_ / name).string(); }

 private:
  fs::path path_;
};

// Which file it is, and when it was written: equal as long as nobody has touched it.
using Stamp = std::array<std::int64_t, 4>;

Stamp stamp_of(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return {};
  return {static_cast<std::int64_t>(status.st_ino), status.st_size, status.st_mtim.tv_sec, status.st_mtim.tv_nsec};
}

config::ExecPlaces places_at(const std::string& url_text, const std::string& output) {
  const protocol::Url url = protocol::parse_url(url_text, "service.url");
  std::string origin = url_text.substr(0, url_text.find_first_of("/?#", url_text.find("://") + 3));
  return {std::move(origin), url.host, std::to_string(url.port), output};
}

// A measurement of nothing yet by the plan's tool, at the URL.
Measurement blank_tool_result(const config::Plan& plan, const std::string& url) {
  Measurement measurement = load::blank_measurement(plan, protocol::parse_url(url, "service.url").origin());
  measurement.profile.clear();
  measurement.load_model.clear();
  measurement.workload = exec_workload(*plan.exec);
  return measurement;
}

// A run from the command to its measurement, for one tool at one URL.
class ToolRun {
 public:
  ToolRun(const config::Plan& plan, const std::string& url)
      : plan_(plan), exec_(*plan.exec), url_(url), places_(places_at(url, folder_.file("output"))) {}

  Measurement run(const std::function<bool()>& service_alive);

 private:
  const std::string& program() const { return exec_.command.front().text; }
  bool reads_stdout() const { return exec_.reads.empty(); }
  std::string results_path() const;
  std::string results_name() const { return reads_stdout() ? "the stdout of " + program() : results_path(); }
  target::ToolEnd start(const std::function<bool()>& service_alive);
  Measurement ended_early(const target::ToolEnd& end) const;
  importers::Source results();
  Measurement read();
  [[noreturn]] void refuse(Problem problem, const std::string& last_words) const;

  const config::Plan& plan_;
  const config::Exec& exec_;
  const std::string& url_;
  TemporaryFolder folder_;
  config::ExecPlaces places_;
  Descriptor stdout_;
  Stamp before_{};
};

std::string ToolRun::results_path() const {
  const std::string path = config::filled_argument(exec_.reads, places_);
  return path.starts_with('/') ? path : exec_.folder + path;
}

target::ToolEnd ToolRun::start(const std::function<bool()>& service_alive) {
  target::ToolCommand command;
  for (const config::Secretive& argument : exec_.command) {
    command.argv.push_back(config::filled_argument(argument.text, places_));
  }
  command.folder = exec_.folder;
  command.timeout = exec_.timeout;
  if (reads_stdout()) {
    const std::string path = folder_.file("stdout");
    stdout_ = Descriptor(::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (!stdout_.is_open()) fail({"E-432", path, fmt::format("cannot make a file: {}", std::strerror(errno))});
    command.output = stdout_.number();
  } else {
    before_ = stamp_of(results_path());
  }
  return target::run_tool(command, [&] { return signal_received().load() != 0 || !service_alive(); });
}

void ToolRun::refuse(Problem problem, const std::string& last_words) const {
  throw target::ToolError(std::move(problem), last_words, program());
}

Measurement ToolRun::ended_early(const target::ToolEnd& end) const {
  Measurement measurement = blank_tool_result(plan_, url_);
  const bool interrupted = signal_received().load() != 0;
  measurement.partial = true;
  measurement.target_died = !interrupted;
  measurement.duration_s = end.seconds;
  measurement.stop_reason = interrupted ? fmt::format("interrupted while {} was running", program())
                                        : fmt::format("the service's process ended while {} was running", program());
  return measurement;
}

importers::Source ToolRun::results() {
  if (reads_stdout()) return importers::Source::of_file(results_name(), std::move(stdout_));
  const std::string path = results_path();
  const Stamp now = stamp_of(path);
  if (now == Stamp{}) fail({"E-435", path, fmt::format("{} did not write this file", program())});
  if (now == before_) {
    fail({"E-435", path, fmt::format("{} did not write this file, it is as old as before the run", program()),
          "write \"{output}\" in the command and in reads: each run then has a new file"});
  }
  return importers::Source::open(path);
}

Measurement ToolRun::read() {
  importers::Source source = results();
  auto measured = importers::read_foreign(source);
  if (measured) return std::move(*measured);
  fail({"E-436", results_name(),
        fmt::format("no format that is known; it begins with '{}'", elided(visible(source.first_line()), 60)),
        "burstgate import --help lists the tools whose results are read; has it written them to a file?"});
}

Measurement ToolRun::run(const std::function<bool()>& service_alive) {
  const std::int64_t started = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  const target::ToolEnd end = start(service_alive);
  if (end.stopped || (!end.good && signal_received().load() != 0)) return ended_early(end);
  if (!end.good) refuse({"E-433", exec_.place.text(), fmt::format("'{}' {}", program(), end.text)}, end.last_words);
  if (!service_alive()) return ended_early(end);
  try {
    Measurement measurement = read();
    const Measurement blank = blank_tool_result(plan_, url_);
    measurement.started_at_unix_s = started;
    measurement.operation = blank.operation;
    measurement.target = blank.target;
    measurement.environment = blank.environment;
    measurement.workload.fields.insert(measurement.workload.fields.end(), blank.workload.fields.begin(),
                                       blank.workload.fields.end());
    measurement.workload.digest = measure::digest_of(measurement.workload.fields);
    std::erase(measurement.notes, importers::summary_note);
    measurement.notes.insert(measurement.notes.begin(), "load by: " + exec_.shown());
    if (measurement.duration_s <= 0) measurement.duration_s = end.seconds;
    return measurement;
  } catch (const Error& error) {  // of the importers as well: to them it is a file that somebody gave
    refuse(error.problems().front(), end.last_words);
  }
}

}  // namespace

measure::Workload exec_workload(const config::Exec& exec) {
  measure::Workload workload;
  workload.fields = {{std::string(measure::command_field), exec.shown()}};
  workload.digest = measure::digest_of(workload.fields);
  return workload;
}

void check_service_is_there(const std::string& url_text) {
  const protocol::Url url = protocol::parse_url(url_text, "service.url");
  const target::ProbeResult result =
      target::probe(url.host, url.port, url.target, connect_within, {.connects_only = true});
  if (!result.good) fail({"E-434", url.origin(), fmt::format("cannot connect: {}", result.text), "is it running?"});
}

Measurement run_tool_once(const config::Plan& plan, const std::string& url,
                          const std::function<bool()>& service_alive) {
  return ToolRun(plan, url).run(service_alive);
}

}  // namespace burstgate::cli

// Whatever is said here comes after the verdict: it cannot change it.
#include "cli/ci_output.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "base/descriptor.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/arguments.hpp"
#include "cli/messages.hpp"
#include "report/annotations.hpp"

namespace burstgate::cli {

namespace {

[[noreturn]] void failed(const std::string& path, const char* step) {
  throw Error(Trouble::output, {.code = "E-020",
                                .where = path,
                                .what = fmt::format("{} failed: {}", step, std::strerror(errno)),
                                .hint = "the step's summary is missing; --ci=none does without"});
}

void write_all(int descriptor, const std::string& path, std::string_view text) {
  while (!text.empty()) {
    const auto written = ::write(descriptor, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) failed(path, "write");
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

void print_annotations(CiSystem system, const report::Report& report) {
  std::error_code ignored;
  const std::string folder = std::filesystem::current_path(ignored).string();
  const auto in = [&](const char* variable) {
    return [workspace = environment_variable(variable).value_or(""), folder](const std::string& file) {
      return path_in_repository(file, folder, workspace);
    };
  };
  if (system == CiSystem::github) {
    write_stderr(report::render_github_annotations(report, in("GITHUB_WORKSPACE")));
  } else if (system == CiSystem::azure) {
    write_stderr(report::render_azure_issues(report, in("BUILD_SOURCESDIRECTORY")));
  }
}

// Azure takes the report from where it lies.
void upload_summary(const std::string& markdown_file) {
  std::error_code ignored;
  const std::string path = std::filesystem::absolute(markdown_file, ignored).string();
  if (visible(path) == path) write_stderr(fmt::format("##vso[task.uploadsummary]{}\n", path));
}

}  // namespace

void append_step_summary(const std::string& path, const report::Report& report) {
  // Not blocked by a pipe that nobody reads.
  const Descriptor file(::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0644));
  if (!file.is_open()) failed(path, "open");
  struct stat status {};
  if (::fstat(file.number(), &status) != 0) failed(path, "stat");
  const std::size_t there = S_ISREG(status.st_mode) ? static_cast<std::size_t>(status.st_size) : 0;
  for (const auto render : {report::render_markdown, report::render_comment}) {
    const std::string text = render(report) + "\n";
    if (there + text.size() > most_summary_bytes) continue;
    return write_all(file.number(), path, text);
  }
  print_stderr("warning: nothing was added to the step's summary: it has {} bytes of at most {} already\n", there,
               most_summary_bytes);
}

bool tell_ci(std::optional<CiSystem> ci, const report::Report& report, const std::string& markdown_file) {
  if (ci == CiSystem::none) return true;
  const CiSystem system = ci.value_or(detected_ci(environment_variable));
  print_annotations(system, report);
  if (system == CiSystem::azure && !markdown_file.empty()) upload_summary(markdown_file);
  const auto summary = environment_variable("GITHUB_STEP_SUMMARY");
  if (!summary || summary->empty()) return true;
  try {
    append_step_summary(*summary, report);
    return true;
  } catch (const Error& error) {
    print_error(error);
    return false;
  }
}

}  // namespace burstgate::cli

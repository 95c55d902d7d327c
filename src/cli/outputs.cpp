#include "cli/outputs.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <map>
#include <utility>

#include "base/error.hpp"
#include "base/file.hpp"

namespace burstgate::cli {

namespace fs = std::filesystem;

namespace {

[[noreturn]] void refuse(const std::string& path, const std::string& why) {
  throw Error(Trouble::usage, {.code = "E-010",
                               .where = path,
                               .what = fmt::format("cannot be written: {}", why),
                               .hint = "choose another path; nothing was sent"});
}

[[noreturn]] void failed(const std::string& path, const char* step) {
  throw Error(Trouble::output, {.code = "E-011",
                                .where = path,
                                .what = fmt::format("{} failed: {}", step, std::strerror(errno)),
                                .hint = "the report is missing or incomplete"});
}

bool is_special(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode);
}

}  // namespace

OutputFile::OutputFile(std::string path) : path_(std::move(path)) {
  if (path_.empty()) refuse("\"\"", "an empty path");
  if (fs::is_directory(path_)) refuse(path_, "it is a folder");
  if (is_special(path_)) {
    descriptor_ = ::open(path_.c_str(), O_WRONLY | O_CLOEXEC);
    if (descriptor_ < 0) refuse(path_, std::strerror(errno));
    return;
  }
  try {
    make_parent_folders(path_);
  } catch (const Error& error) {
    refuse(path_, error.problems().front().what);
  }
  temporary_ = fmt::format("{}.tmp-{}", path_, ::getpid());
  descriptor_ = ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644);
  if (descriptor_ < 0) {
    const int error = errno;
    temporary_.clear();
    refuse(path_, std::strerror(error));
  }
}

OutputFile::OutputFile(OutputFile&& other) noexcept
    : path_(std::move(other.path_)),
      temporary_(std::exchange(other.temporary_, {})),
      descriptor_(std::exchange(other.descriptor_, -1)) {}

OutputFile::~OutputFile() {
  discard();
}

void OutputFile::discard() {
  if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
  if (!temporary_.empty()) ::unlink(std::exchange(temporary_, {}).c_str());
}

void OutputFile::commit(std::string_view content) {
  try {
    write(content);
  } catch (...) {
    discard();  // now: on a full disk the next report needs the room
    throw;
  }
}

void OutputFile::write(std::string_view content) {
  while (!content.empty()) {
    const auto written = ::write(descriptor_, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) failed(path_, "write");
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  if (!temporary_.empty() && ::fsync(descriptor_) != 0) failed(path_, "fsync");
  if (::close(std::exchange(descriptor_, -1)) != 0) failed(path_, "close");
  if (temporary_.empty()) return;
  if (::rename(temporary_.c_str(), path_.c_str()) != 0) failed(path_, "rename");
  temporary_.clear();
}

void check_distinct(const std::vector<std::string>& written, const std::vector<std::string>& read) {
  std::map<std::string, std::string> seen;
  const auto canonical = [](const std::string& path) {
    std::error_code ignored;
    return fs::weakly_canonical(fs::absolute(path, ignored), ignored).string();
  };
  for (const auto& path : read) seen.emplace(canonical(path), "read");
  for (const auto& path : written) {
    if (is_special(path)) continue;
    const auto [found, is_new] = seen.emplace(canonical(path), "written");
    if (!is_new)
      refuse(path,
             fmt::format("the same file is also {}", found->second == "read" ? "read" : "written by another flag"));
  }
}

}  // namespace burstgate::cli

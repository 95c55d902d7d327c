// Whole files, in and out. Replacing follows the usual recipe for crash safety: a temp file in the same folder, fsync,
// rename over the old name, fsync of the folder; rename(2) is the one step that readers can see.
#include "base/file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <optional>

#include "base/descriptor.hpp"
#include "base/error.hpp"

namespace burstgate {

namespace {

[[noreturn]] void fail_reading(const std::string& path, std::string what, std::string hint = {}) {
  throw Error(Trouble::usage, {"E-500", path, std::move(what), std::move(hint), {}, 0});
}

[[noreturn]] void fail_writing(const std::string& path, const std::string& what, std::string hint = {}) {
  throw Error(Trouble::output, {"E-501", path, what, std::move(hint), {}, 0});
}

[[noreturn]] void fail_writing(const std::string& path, std::string_view step, int error) {
  fail_writing(path, fmt::format("cannot {}: {}", step, std::strerror(error)));
}

const char* kind_of(mode_t mode) {
  if (S_ISDIR(mode)) return "a directory";
  if (S_ISFIFO(mode)) return "a FIFO";
  if (S_ISCHR(mode) || S_ISBLK(mode)) return "a device";
  if (S_ISSOCK(mode)) return "a socket";
  if (S_ISLNK(mode)) return "a symbolic link";
  return "of an unknown kind";
}

std::string folder_of(const std::string& path) {
  const auto folder = std::filesystem::path(path).parent_path();
  return folder.empty() ? "." : folder.string();
}

// Temp files of `path` start with this; the rest is the process and a number.
std::string temp_prefix(const std::string& path) {
  return "." + std::filesystem::path(path).filename().string() + ".tmp-";
}

}  // namespace

std::string read_file(const std::string& path, std::size_t max_bytes) {
  // O_NONBLOCK: opening a FIFO that nobody writes to must not hang.
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file.is_open()) fail_reading(path, fmt::format("cannot open: {}", std::strerror(errno)));
  struct stat status {};
  if (::fstat(file.number(), &status) != 0) fail_reading(path, fmt::format("cannot read: {}", std::strerror(errno)));
  if (!S_ISREG(status.st_mode))
    fail_reading(path, fmt::format("is {}, expected a regular file", kind_of(status.st_mode)));
  const auto too_large = [&] {
    fail_reading(path, "is too large", fmt::format("at most {} bytes are read", max_bytes));
  };
  if (static_cast<std::uintmax_t>(status.st_size) > max_bytes) too_large();

  std::string content;
  // Some files (/proc) say 0 and have content; reading one byte beyond the limit shows that there is more.
  constexpr std::size_t step = 64u << 10;
  std::size_t used = 0;
  content.resize(static_cast<std::size_t>(status.st_size) + 1);
  while (true) {
    if (used == content.size()) content.resize(used + step);
    const ssize_t n = ::read(file.number(), content.data() + used, content.size() - used);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) fail_reading(path, fmt::format("cannot read: {}", std::strerror(errno)));
    if (n == 0) break;
    used += static_cast<std::size_t>(n);
    if (used > max_bytes) too_large();
  }
  content.resize(used);
  return content;
}

bool file_exists(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0;
}

void make_parent_folders(const std::string& path) {
  std::error_code error;
  std::filesystem::create_directories(folder_of(path), error);
  if (error) fail_writing(path, fmt::format("cannot make the folder {}: {}", folder_of(path), error.message()));
}

namespace {

// The permissions that the new file gets: those of the file it replaces, else the usual ones. Anything but a regular
// file is refused: a rename would replace a device node or a link instead of writing through it.
std::optional<mode_t> permissions_to_keep(const std::string& path) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0) {
    if (errno == ENOENT) return std::nullopt;
    fail_writing(path, "write", errno);
  }
  if (S_ISREG(status.st_mode)) return status.st_mode & 07777;
  fail_writing(path, fmt::format("is {}, expected a regular file", kind_of(status.st_mode)),
               S_ISLNK(status.st_mode) ? "links are not followed when writing; name the file itself" : "");
}

// A file that is removed again unless it was kept.
class TempFile {
 public:
  explicit TempFile(const std::string& target) : target_(target) {
    static std::atomic<unsigned> next{0};
    path_ = folder_of(target) + "/" + temp_prefix(target) + fmt::format("{}-{}", ::getpid(), next++);
    ::unlink(path_.c_str());  // left by a killed process that had our number
    descriptor_ = Descriptor(::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666));
    if (!descriptor_.is_open()) fail_writing(target, "create a temporary file beside it", errno);
  }
  ~TempFile() {
    if (!kept_) ::unlink(path_.c_str());
  }
  TempFile(const TempFile&) = delete;
  TempFile& operator=(const TempFile&) = delete;

  void write(std::string_view content) const {
    while (!content.empty()) {
      const ssize_t n = ::write(descriptor_.number(), content.data(), content.size());
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) fail_writing(target_, "write", errno);
      content.remove_prefix(static_cast<std::size_t>(n));
    }
  }

  void set_permissions(mode_t mode) const {
    if (::fchmod(descriptor_.number(), mode) != 0) fail_writing(target_, "set the permissions", errno);
  }

  void become_target() {
    if (::fsync(descriptor_.number()) != 0) fail_writing(target_, "flush to disk", errno);
    if (!descriptor_.close()) fail_writing(target_, "close", errno);
    if (::rename(path_.c_str(), target_.c_str()) != 0) fail_writing(target_, "rename into place", errno);
    kept_ = true;
  }

 private:
  std::string target_;
  std::string path_;
  Descriptor descriptor_;
  bool kept_ = false;
};

// Makes the rename itself durable. Some file systems cannot sync folders; there is nothing more to be done then.
void sync_folder(const std::string& path) {
  const Descriptor folder(::open(folder_of(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder.is_open() && (::fsync(folder.number()) == 0 || errno == EINVAL || errno == ENOTSUP)) return;
  throw Error(Trouble::output, {"E-501",
                                path,
                                fmt::format("is written, but its folder cannot be flushed: {}", std::strerror(errno)),
                                "the new content may be lost if the machine stops now",
                                {},
                                0});
}

}  // namespace

void replace_file(const std::string& path, std::string_view content) {
  make_parent_folders(path);
  const std::optional<mode_t> mode = permissions_to_keep(path);
  TempFile temp(path);
  if (mode) temp.set_permissions(*mode);
  temp.write(content);
  temp.become_target();
  sync_folder(path);
}

void remove_stale_temp_files(const std::string& path) {
  const std::string prefix = temp_prefix(path);
  std::error_code error;
  for (std::filesystem::directory_iterator entry(folder_of(path), error), end; !error && entry != end;
       entry.increment(error)) {
    if (!entry->path().filename().string().starts_with(prefix)) continue;
    std::error_code ignored;  // one that cannot be removed does no harm
    std::filesystem::remove(entry->path(), ignored);
  }
}

}  // namespace burstgate

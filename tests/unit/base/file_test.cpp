#include "base/file.hpp"

#include <doctest/doctest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "base/error.hpp"
#include "unit/base/temp_folder.hpp"

namespace burstgate {
namespace {

namespace fs = std::filesystem;

template <typename Action>
std::string error_of(Trouble trouble, Action action) {
  try {
    action();
  } catch (const Error& error) {
    CHECK(error.trouble() == trouble);
    return error.what();
  }
  return "no error";
}

std::string read_error(const std::string& path, std::size_t most = 100) {
  return error_of(Trouble::usage, [&] { read_file(path, most); });
}

std::string write_error(const std::string& path) {
  return error_of(Trouble::output, [&] { replace_file(path, "x"); });
}

std::size_t entries(const std::string& folder) {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

TEST_CASE("reading: whole files up to the limit, and nothing but files") {
  const TempFolder folder;
  const std::string path = folder / "f";
  for (const std::size_t size : {0, 1, 99, 100}) {
    write_plain(path, std::string(size, 'a'));
    CHECK(read_file(path, 100) == std::string(size, 'a'));
  }
  write_plain(path, std::string(101, 'a'));
  CHECK(read_error(path) == path + ": error[E-500]: is too large; at most 100 bytes are read");
  REQUIRE(::mkfifo((folder / "fifo").c_str(), 0600) == 0);
  CHECK(read_error(folder / "fifo") == (folder / "fifo") + ": error[E-500]: is a FIFO, expected a regular file");
  CHECK(read_error(folder.path()) == folder.path() + ": error[E-500]: is a directory, expected a regular file");
  CHECK(read_error("/dev/zero") == "/dev/zero: error[E-500]: is a device, expected a regular file");
  CHECK(read_error(folder / "none") == (folder / "none") + ": error[E-500]: cannot open: No such file or directory");
  CHECK(read_error(path + "/x") == path + "/x: error[E-500]: cannot open: Not a directory");
  CHECK(read_error("") == "error[E-500]: cannot open: No such file or directory");
}

TEST_CASE("reading follows links, and files that do not know their size are bounded too") {
  const TempFolder folder;
  write_plain(folder / "f", "text");
  fs::create_symlink(folder / "f", folder / "link");
  CHECK(read_file(folder / "link", 4) == "text");
  CHECK(read_file("/proc/self/status", 1u << 20).find("Pid:") != std::string::npos);
  CHECK(read_error("/proc/self/status", 10).find("is too large") != std::string::npos);
}

TEST_CASE("replacing: content, permissions, folders; nothing left beside it") {
  const TempFolder folder;
  const std::string path = folder / "a/b/f.json";
  replace_file(path, "one");
  CHECK(read_plain(path) == "one");
  REQUIRE(::chmod(path.c_str(), 0640) == 0);
  replace_file(path, std::string(3u << 20, 'z'));
  CHECK(read_plain(path) == std::string(3u << 20, 'z'));
  struct stat status {};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0640);
  CHECK(entries(folder / "a/b") == 1);
  fs::create_hard_link(path, folder / "other");
  replace_file(path, "two");
  CHECK(read_plain(folder / "other").size() == (3u << 20));  // a new file, not the old one written over
}

TEST_CASE("replacing in the current folder") {
  const TempFolder folder;
  const fs::path before = fs::current_path();
  fs::current_path(folder.path());
  replace_file("plain.json", "x");
  fs::current_path(before);
  CHECK(read_plain(folder / "plain.json") == "x");
}

TEST_CASE("case 132: targets that are no regular files, with their reason") {
  const TempFolder folder;
  CHECK(write_error(folder.path()).find("is a directory, expected a regular file") != std::string::npos);
  CHECK(write_error("/dev/full") == "/dev/full: error[E-501]: is a device, expected a regular file");
  CHECK(write_error("/proc/burstgate.json").find("error[E-501]: cannot create a temporary file beside it: ") !=
        std::string::npos);
  write_plain(folder / "f", "old");
  CHECK(write_error(folder / "f/g").find("Not a directory") != std::string::npos);
  CHECK(write_error(folder / std::string(250, 'n')).find("File name too long") != std::string::npos);
  CHECK(read_plain(folder / "f") == "old");
  CHECK(entries(folder.path()) == 1);
}

TEST_CASE("case 132: no room on the disk: the old file stays and no temp file is left") {
  const TempFolder folder;
  const std::string path = folder / "f";
  write_plain(path, "old");
  // A limit on the size of written files gives the same failing write(2) as a full disk, and needs no privileges.
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{1024, 1024};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    int result = 1;
    try {
      replace_file(path, std::string(4096, 'n'));
    } catch (const Error& error) {
      const std::string expected = path + ": error[E-501]: cannot write: File too large";
      result = error.what() == expected ? 0 : 2;
    }
    ::_exit(result);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
  CHECK(read_plain(path) == "old");
  CHECK(entries(folder.path()) == 1);
}

TEST_CASE("a lock that was left behind is free") {
  const TempFolder folder;
  write_plain(folder / "f.lock", "pid 1 on host x since 2026-01-01T00:00:00Z\nmore\n");
  { const FileLock lock(folder / "f", 0); }
  CHECK(entries(folder.path()) == 0);
  CHECK(error_of(Trouble::output, [&] { const FileLock lock(folder / "none/f", 0); }).find("cannot open the lock") !=
        std::string::npos);
}

}  // namespace
}  // namespace burstgate

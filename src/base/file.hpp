// Reading and writing whole files without surprises: bounded reads, atomic replacement.
#pragma once

#include <string>
#include <string_view>

#include "base/descriptor.hpp"

namespace burstgate {

// The file's content. Error (Trouble::usage) naming path and errno text: missing, a directory, a FIFO or device, larger
// than max_bytes.
std::string read_file(const std::string& path, std::size_t max_bytes);

bool file_exists(const std::string& path);

// Replaces the file's content so that every reader, and a machine that loses power at any moment, sees the old or the
// new content: temp file in the same folder, write, fsync, rename, fsync of the folder. Permissions are kept. Missing
// parent folders are made. Error (Trouble::output) with path and errno text, the old file stays; also when the path is
// anything but a regular file: symlinks are not followed, devices not replaced.
void replace_file(const std::string& path, std::string_view content);

// Removes what killed processes left behind in the middle of replace_file(path). Only under the file's lock.
void remove_stale_temp_files(const std::string& path);

// Makes `path`'s parent folders. Error (Trouble::output).
void make_parent_folders(const std::string& path);

// An exclusive lock "<path>.lock" (O_CREAT + flock), held until destruction, which removes the lock file; waits up to
// `wait_seconds`, then throws Error (Trouble::output): "locked by pid 77 on host x since ...". The folder must exist.
// Threads of one process exclude each other as well.
class FileLock {
 public:
  explicit FileLock(const std::string& path, double wait_seconds = 10);
  ~FileLock();
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

 private:
  std::string lock_path_;
  Descriptor file_;  // closed, and with it unlocked, after the lock file was removed
};

}  // namespace burstgate

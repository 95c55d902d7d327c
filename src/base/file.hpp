// Reading and writing whole files without surprises: bounded reads, atomic replacement.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace burstgate {

// The file's content. Error (Trouble::usage) naming path and errno text: missing, a directory, a FIFO or device, larger
// than max_bytes.
std::string read_file(const std::string& path, std::size_t max_bytes);

bool file_exists(const std::string& path);

// Replaces the file's content so that every reader, and a machine that loses power at any moment, sees the old or the
// new content: temp file in the same folder, write, fsync, rename, fsync of the folder. Symlinks are not followed.
// Missing parent folders are made. Error (Trouble::output) with path and errno text; the old file stays.
void replace_file(const std::string& path, std::string_view content);

// Makes `path`'s parent folders. Error (Trouble::output).
void make_parent_folders(const std::string& path);

// An exclusive lock "<path>.lock" (O_CREAT + flock), held until destruction; waits up to `wait_seconds`, then throws
// Error (Trouble::output): "locked by pid 77 on host x since ...".
class FileLock {
 public:
  explicit FileLock(const std::string& path, double wait_seconds = 10);
  ~FileLock();
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

 private:
  int descriptor_ = -1;
};

}  // namespace burstgate

// The files a command writes. They are opened before the burst, so that a path that cannot be written costs seconds and
// not a whole run; they appear under their names only when they are complete.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace burstgate::cli {

class OutputFile {
 public:
  // Creates the parent folders and a temporary file beside `path` (a device or pipe is opened itself).
  // Error (Trouble::usage): nothing was sent yet, so this is a mistake of the command line.
  explicit OutputFile(std::string path);
  ~OutputFile();  // removes the temporary file when commit() did not happen
  OutputFile(OutputFile&&) noexcept;
  OutputFile& operator=(OutputFile&&) = delete;

  const std::string& path() const { return path_; }
  // Writes everything and puts the file under its name. Error (Trouble::output) with path and errno text.
  void commit(std::string_view content);

 private:
  void write(std::string_view content);
  void discard();  // closes and removes what is not complete

  std::string path_;
  std::string temporary_;  // "" for devices and pipes
  int descriptor_ = -1;
};

// Error (Trouble::usage) when two of the paths are the same file, or one of them is also read.
void check_distinct(const std::vector<std::string>& written, const std::vector<std::string>& read);

}  // namespace burstgate::cli

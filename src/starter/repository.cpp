#include "starter/repository.hpp"

#include <algorithm>
#include <filesystem>

#include "base/error.hpp"
#include "base/file.hpp"

namespace burstgate::starter {

namespace fs = std::filesystem;

namespace {

bool is_inside(const fs::path& folder, const fs::path& path) {
  const auto [end, ignored] = std::mismatch(folder.begin(), folder.end(), path.begin(), path.end());
  return end == folder.end();
}

}  // namespace

Repository::Repository(const std::string& folder) {
  std::error_code error;
  const fs::path path = fs::canonical(folder, error);
  if (error || !fs::is_directory(path, error)) {
    throw Error(Trouble::usage, {.code = "E-024",
                                 .where = folder,
                                 .what = error ? "no such folder" : "is not a folder",
                                 .hint = "burstgate init FOLDER, or burstgate init in the folder itself"});
  }
  folder_ = path.string();
}

std::optional<std::string> Repository::read(const std::string& path) {
  std::error_code error;
  const fs::path full = fs::canonical(at(path), error);
  if (error) return std::nullopt;
  if (!is_inside(folder_, full)) {
    remark(path + " is a link that leads out of the folder: not read");
    return std::nullopt;
  }
  try {
    return read_file(full.string(), max_file_bytes);
  } catch (const Error& trouble) {
    remark(path + " is not read: " + trouble.problems().front().what);
    return std::nullopt;
  }
}

bool Repository::has(const std::string& path) const {
  std::error_code error;
  const fs::path full = fs::canonical(at(path), error);
  return !error && is_inside(folder_, full) && fs::is_regular_file(full, error);
}

bool Repository::may_hold(const std::string& path) const {
  std::error_code error;
  const fs::path full = fs::weakly_canonical(at(path), error);
  return !error && is_inside(folder_, full);
}

std::string Repository::name() const {
  return fs::path(folder_).filename().string();
}

}  // namespace burstgate::starter

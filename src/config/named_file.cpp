#include "config/named_file.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "config/read.hpp"

namespace burstgate::config {

std::optional<std::string> read_named_file(const std::string& path, const Place& place, Mistakes& mistakes) {
  try {
    return read_file(path, max_yaml_bytes);
  } catch (const Error& error) {
    for (const Problem& problem : error.problems()) {
      const std::string where = problem.where.empty() ? "" : problem.where + ": ";
      mistakes.add(problem.code, place, where + problem.what, problem.hint);
    }
    return std::nullopt;
  }
}

std::string beside(const std::string& file, const std::string& path) {
  const std::size_t slash = file.rfind('/');
  if (path.starts_with('/') || slash == std::string::npos) return path;
  return file.substr(0, slash + 1) + path;
}

}  // namespace burstgate::config

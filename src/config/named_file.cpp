#include "config/named_file.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "config/read.hpp"

namespace burstgate::config {

namespace {

std::optional<std::string> read_or_report(const std::string& path, std::size_t max_bytes, const Place& place,
                                          Mistakes& mistakes) {
  try {
    return read_file(path, max_bytes);
  } catch (const Error& error) {
    mistakes.add(error, place);
    return std::nullopt;
  }
}

}  // namespace

std::optional<std::string> read_named_file(const std::string& path, const Place& place, Mistakes& mistakes) {
  return read_or_report(path, max_yaml_bytes, place, mistakes);
}

std::optional<NamedFile> read_named_file(const Value& value, std::string_view what, std::size_t max_bytes,
                                         const Reading& reading) {
  const auto written = read_line(value, what, reading.mistakes);
  const auto path = written ? filled_in(*written, value.place, reading) : std::nullopt;
  if (!path) return std::nullopt;
  auto content = read_or_report(beside(value.place.file, path->text), max_bytes, value.place, reading.mistakes);
  if (!content) return std::nullopt;
  return NamedFile{path->text, std::move(*content)};
}

std::string beside(const std::string& file, const std::string& path) {
  const std::size_t slash = file.rfind('/');
  if (path.starts_with('/') || slash == std::string::npos) return path;
  return file.substr(0, slash + 1) + path;
}

}  // namespace burstgate::config

#include "config/named_file.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "config/plan_reader.hpp"

namespace burstgate::config {

std::optional<NamedFile> read_named_file(const Value& value, std::string_view what, std::size_t max_bytes,
                                         const Reading& reading) {
  const auto written = read_line(value, what, reading.mistakes);
  const auto path = written ? filled_in(*written, value.place, reading) : std::nullopt;
  if (!path) return std::nullopt;
  try {
    return NamedFile{path->text, read_file(beside(value.place.file, path->text), max_bytes)};
  } catch (const Error& error) {
    reading.mistakes.add(error, value.place);
    return std::nullopt;
  }
}

}  // namespace burstgate::config

// Files that another file or a flag names: a complaint about one stands where it is named.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "config/fields.hpp"
#include "config/mistakes.hpp"
#include "config/template_text.hpp"

namespace burstgate::config {

// The text of a YAML-sized file; nothing (reported at `place`) when it cannot be read.
std::optional<std::string> read_named_file(const std::string& path, const Place& place, Mistakes& mistakes);

// Bodies and rows of values.
struct NamedFile {
  std::string path;  // as written, ${NAME} filled in
  std::string content;
};

// The file whose path the value is, relative to the folder of the file that names it. Nothing: reported at the value.
std::optional<NamedFile> read_named_file(const Value& value, std::string_view what, std::size_t max_bytes,
                                         const Reading& reading);

// `path` as written in `file`: relative to that file's folder.
std::string beside(const std::string& file, const std::string& path);

}  // namespace burstgate::config

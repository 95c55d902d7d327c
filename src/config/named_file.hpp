// Files that a configuration names: bodies and rows of values.
#pragma once

#include <optional>
#include <string>

#include "config/fields.hpp"
#include "config/template_text.hpp"

namespace burstgate::config {

struct NamedFile {
  std::string path;  // as written, ${NAME} filled in
  std::string content;
};

// The file whose path the value is, relative to the folder of the file that names it. Nothing: reported at the value.
std::optional<NamedFile> read_named_file(const Value& value, std::string_view what, std::size_t max_bytes,
                                         const Reading& reading);

}  // namespace burstgate::config

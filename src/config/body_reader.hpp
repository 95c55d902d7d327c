// A request's body: `json`, `body`, `form`, `multipart` or `body_file`.
#pragma once

#include <optional>
#include <string>

#include "config/fields.hpp"
#include "config/template_text.hpp"

namespace burstgate::config {

struct BodyDraft {
  Secretive body;
  std::string content_type;  // sent unless the step names one; empty: none
};

const std::vector<std::string>& body_keys();

// Of an entry whose key is one of body_keys(). Nothing: reported.
std::optional<BodyDraft> read_body(const Entry& entry, const Reading& reading);

inline constexpr std::size_t max_body_file_bytes = 16u << 20;

}  // namespace burstgate::config

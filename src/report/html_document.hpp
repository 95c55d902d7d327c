// The frame of every HTML report: one file with the style sheet inside and nothing from elsewhere.
#pragma once

#include <string>
#include <string_view>

#include "report/element.hpp"

namespace burstgate::report {

// `title` may be outside text of any length.
std::string html_document(std::string_view title, const Markup& main);

// Text from outside, of any length, and pieces that are put together from it.
Markup safe_text(std::string_view outside);
Markup html_section(std::string_view title, const Markup& content);  // nothing where the content is empty

}  // namespace burstgate::report

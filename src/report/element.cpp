#include "report/element.hpp"

#include <algorithm>
#include <array>

#include "report/escape.hpp"

namespace burstgate::report {

namespace {

// Those may not, or need not, have an end tag: HTML's void elements and SVG's shapes.
constexpr std::array<std::string_view, 7> childless = {"meta", "br", "hr", "line", "rect", "polyline", "circle"};

}  // namespace

Markup text(std::string_view outside) {
  Markup made;
  made.source_ = xml_text(outside);
  return made;
}

Markup element(std::string_view name, Attributes attributes, const Markup& content) {
  Markup made;
  std::string& source = made.source_;
  source.append("<").append(name);
  for (const auto& [key, value] : attributes) {
    if (!value.empty()) source.append(" ").append(key).append("=\"").append(xml_attribute(value)).append("\"");
  }
  if (content.empty() && std::find(childless.begin(), childless.end(), name) != childless.end()) {
    source += "/>";
    return made;
  }
  source.append(">").append(content.source()).append("</").append(name).append(">");
  return made;
}

Markup own_markup(std::string_view constant) {
  Markup made;
  made.source_ = constant;
  return made;
}

}  // namespace burstgate::report

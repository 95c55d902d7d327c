#include "report/html_document.hpp"

#include "base/text.hpp"
#include "report/html_style.hpp"

namespace burstgate::report {

namespace {

constexpr std::size_t longest_text = 1'000;
constexpr std::string_view csp = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

}  // namespace

Markup safe_text(std::string_view outside) {
  return text(elided(visible(outside), longest_text));
}

Markup html_section(std::string_view title, const Markup& content) {
  return content.empty() ? Markup() : element("section", {}, element("h2", {}, text(title)) + content);
}

std::string html_document(std::string_view title, const Markup& main) {
  Markup head = element("meta", {{"charset", "utf-8"}});
  head += element("meta", {{"http-equiv", "Content-Security-Policy"}, {"content", std::string(csp)}});
  head += element("meta", {{"name", "viewport"}, {"content", "width=device-width, initial-scale=1"}});
  head += element("title", {}, safe_text(title));
  head += element("style", {}, own_markup(html_style));
  return (own_markup("<!DOCTYPE html>\n") +
          element("html", {{"lang", "en"}},
                  element("head", {}, head) + element("body", {}, element("main", {}, main))) +
          own_markup("\n"))
      .source();
}

}  // namespace burstgate::report

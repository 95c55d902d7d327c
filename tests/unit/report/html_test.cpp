// What the HTML report must hold whatever the names in it are, and however many there are. How it looks is the business
// of tests/integration/html_test.sh.
#include "report/html.hpp"

#include <doctest/doctest.h>

#include <cstdio>
#include <cstdlib>
#include <set>

#include "fixtures.hpp"
#include "report/html_charts.hpp"
#include "support/hostile_strings.hpp"

namespace burstgate::test {

namespace {

std::set<std::string> element_names(const std::string& html) {
  std::set<std::string> names;
  for (auto at = html.find('<'); at != std::string::npos; at = html.find('<', at + 1)) {
    const auto end = html.find_first_of(" />\n", at + 2);
    names.insert(html.substr(at + 1, end - at - 1));
  }
  return names;
}

const std::set<std::string>& our_elements() {
  static const std::set<std::string> names = [] {
    std::set<std::string> all = {"!DOCTYPE"};
    for (const std::string name :
         {"html",   "head",       "meta", "title", "style", "body",     "main",  "header", "section",
          "h1",     "h2",         "p",    "span",  "pre",   "table",    "thead", "tbody",  "caption",
          "tr",     "th",         "td",   "dl",    "dt",    "dd",       "ul",    "li",     "div",
          "figure", "figcaption", "svg",  "line",  "rect",  "polyline", "text",  "circle"}) {
      all.insert(name);
      all.insert("/" + name);
    }
    return all;
  }();
  return names;
}

// Of every element's: ` name="value"`, as many as there are.
std::set<std::string> attribute_names(const std::string& html) {
  std::set<std::string> names;
  for (auto at = html.find('<'); at != std::string::npos; at = html.find('<', at)) {
    for (at = html.find_first_of(" />\n", at + 2); at != std::string::npos && html[at] != '>';) {
      const auto begin = html.find_first_not_of(" /\n", at);
      const auto end = html.find_first_of("= />\n", begin);
      if (end == begin) break;
      names.insert(html.substr(begin, end - begin));
      at = html[end] == '=' ? html.find('"', end + 2) + 1 : end;  // behind the quoted value
    }
  }
  return names;
}

// No attribute that runs something (onload ...), loads something (src) or leads somewhere (href).
void check_inert(const std::string& html) {
  for (const std::string& name : element_names(html)) CHECK_MESSAGE(our_elements().contains(name), name);
  for (const std::string& name : attribute_names(html)) {
    CHECK_MESSAGE(!name.starts_with("on"), name);
    for (const char* acting : {"src", "href", "xlink:href", "action", "formaction", "srcdoc", "style"}) {
      CHECK_MESSAGE(name != acting, name);
    }
  }
}

std::string without_doctype(const std::string& html) {
  return html.substr(html.find('\n') + 1);
}

bool is_well_formed(const std::string& xml) {
  std::FILE* pipe = popen("xmllint --noout --huge - 2>&1", "w");
  REQUIRE(pipe != nullptr);
  std::fwrite(xml.data(), 1, xml.size(), pipe);
  return pclose(pipe) == 0;
}

std::size_t times(const std::string& text, std::string_view part) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

}  // namespace

TEST_CASE("cases 145, 147: outside text makes no element, and the page parses strictly") {
  if (std::system("command -v xmllint >/dev/null 2>&1") != 0) {
    MESSAGE("xmllint is missing (package libxml2-utils): the page is not parsed here");
    return;
  }
  std::string all = "<all>";
  for (const std::string& naughty : hostile_strings()) {
    CAPTURE(naughty);
    const std::string html = report::render_html(report_of(naughty));
    check_inert(html);
    all += without_doctype(html);
  }
  CHECK(is_well_formed(all + "</all>"));
  CHECK_FALSE(is_well_formed("<all><p></all>"));
}

TEST_CASE("an attribute that acts would be seen") {
  const std::string tag = "<p class=\"a b\" onload=\"x\">text on=\"no\"</p><circle r=\"1\" href=\"y\"/>";
  CHECK(attribute_names(tag) == std::set<std::string>{"class", "onload", "r", "href"});
}

TEST_CASE("nothing is loaded from anywhere") {
  for (const ReportCase& report_case : report_cases()) {
    CAPTURE(report_case.name);
    const std::string html = report::render_html(report_case.make());
    CHECK(html.find("default-src 'none'") == std::string::npos);  // its quotes are escaped
    CHECK(html.find("content=\"default-src &apos;none&apos;; style-src &apos;unsafe-inline&apos;") !=
          std::string::npos);
    for (const char* word : {"<script", "<link", "<img", " src=", " href=", "url(", "@import"})
      CHECK_MESSAGE(html.find(word) == std::string::npos, word);
  }
}

TEST_CASE("verdict and reason come first, then what to do, then the checks") {
  for (const ReportCase& report_case : report_cases()) {
    CAPTURE(report_case.name);
    const std::string html = report::render_html(report_case.make());
    const auto word = html.find("<h1>");
    const auto checks = html.find("Checks, worst first");
    CHECK(word < html.find("What to do now"));
    if (checks != std::string::npos && html.find("What to do now") != std::string::npos)
      CHECK(html.find("What to do now") < checks);
  }
}

TEST_CASE("however many endpoints: the page keeps its size and says what it left out") {
  const std::string usual = report::render_html(report_with_endpoints(200));
  CHECK(usual.size() < 1'500'000);
  CHECK(usual.find("checks omitted") == std::string::npos);
  const std::string many = report::render_html(report_with_endpoints(3'000));
  CHECK(many.size() < report::html_room);
  CHECK(many.find(" checks omitted, worst first") != std::string::npos);
}

TEST_CASE("a long run is thinned, and its peak stays") {
  report::Report report = report_cases().front().make();
  report.baseline.clear();
  report.paired.reset();
  auto& slices = report.candidate.total.slices;
  slices.clear();
  for (int i = 0; i < 5'000; ++i) {
    measure::Slice slice;
    slice.start_s = i;
    slice.duration_s = 1;
    slice.samples = 100;
    slice.p95_us = i == 3'333 ? 90'000 : 1'000 + i % 7;
    slices.push_back(slice);
  }
  for (const auto& figure : report::figures(report)) {
    if (figure.title != "Latency p95 over time") continue;
    const std::string& drawn = figure.drawing.source();
    CHECK(times(drawn, ",") < 450);
    CHECK(drawn.find(",34 ") != std::string::npos);  // the top of the plot
    return;
  }
  FAIL("no such figure");
}

TEST_CASE("a strip draws the change against the limit, in one geometry for all checks") {
  verdict::Check check;
  CHECK(report::interval_strip(check).empty());  // no change, no limit
  check.limit_fail = 0.2;
  check.change = 0.2;
  check.outcome = verdict::Outcome::fail;
  const std::string at_limit = report::interval_strip(check).source();
  CHECK(at_limit.find("cx=\"90.0\"") != std::string::npos);  // halfway between -1 and 3 limits
  CHECK(at_limit.find("x1=\"90.0\"") != std::string::npos);
  check.interval = verdict::Interval{-5, 5};
  CHECK(report::interval_strip(check).source().find("x=\"4.0\" y=\"8\" width=\"172.0\"") != std::string::npos);
  check.limit_fail = 0.0;
  CHECK(report::interval_strip(check).empty());
}

}  // namespace burstgate::test

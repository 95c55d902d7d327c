#include "report/escape.hpp"

#include <doctest/doctest.h>

#include <set>

#include "base/text.hpp"
#include "fixtures.hpp"

namespace burstgate::report {

TEST_CASE("case 145: XML text and attributes") {
  CHECK(xml_text("a<b>&c]]>") == "a&lt;b&gt;&amp;c]]&gt;");
  CHECK(xml_text("two\nlines") == "two\nlines");
  CHECK(xml_text(std::string("\0\x0b\x1f\x7f", 4)) == "\\x00\\x0b\\x1f\\x7f");
  CHECK(xml_text("\xef\xbf\xbe\xed\xa0\x80") == "\\u{fffe}\\xed\\xa0\\x80");
  CHECK(xml_attribute("a\"b'c\nd\te") == "a&quot;b&apos;c&#10;d\\x09e");
}

TEST_CASE("case 146: Markdown cells") {
  CHECK(markdown_text("a|b") == "a&#124;b");
  CHECK(markdown_text("a\\|b") == "a\\\\&#124;b");
  CHECK(markdown_text("`x` *b* _u_ [l](y)") == "\\`x\\` \\*b\\* \\_u\\_ \\[l\\](y)");
  CHECK(markdown_text("<b>&amp;") == "&lt;b>&amp;amp;");
  CHECK(markdown_text("> quote") == "&gt; quote");
  CHECK(markdown_text("@team #12") == "@&#8203;team \\#&#8203;12");
  CHECK(markdown_text("http://x www.y") == "http&#58;//x www&#46;y");
  CHECK(markdown_text("a\nb") == "a\\\\x0ab");
  CHECK(markdown_text("::error::x") == "&#58;:error::x");
}

TEST_CASE("case 146: a code block cannot be left") {
  CHECK(markdown_code_block("run it", "sh") == "```sh\nrun it\n```\n");
  CHECK(markdown_code_block("```\n```` x", "sh") == "`````sh\n```\\x0a```` x\n`````\n");
}

TEST_CASE("case 148: terminal text") {
  CHECK(terminal_text("\x1b[31m\xc3\xa9\r\n", true) == "\\x1b[31m\xc3\xa9\\x0d\\x0a");
  CHECK(terminal_text("\xc3\xa9\xf0\x9f\x98\x80", false) == "\\u{e9}\\u{1f600}");
}

TEST_CASE("case 149: CI commands") {
  CHECK(defused("::error::x\n  ::debug::y\n\t::z") == "\\x3a:error::x\n  \\x3a:debug::y\n\t\\x3a:z");
  CHECK(defused("std::vector") == "std::vector");
  CHECK(defused("a ##[error]b ##vso[c] ## x") == "a #\\x23[error]b #\\x23vso[c] ## x");
  CHECK(defused("###[x") == "##\\x23[x");
}

TEST_CASE("case 151: labels stay distinct, short and the same whatever else is there") {
  const auto shorten = [](std::string_view name) { return elided(visible(name), 40); };
  const std::string x(10'240, 'x');
  const auto labels =
      unique_labels({x + "1", x + "2", "plain", std::string("\xff"), "\\xff", "taken"}, shorten, {"taken"});
  std::set<std::string> distinct;
  for (const auto& [name, label] : labels) {
    CHECK(label.size() <= 40 + 9);
    CHECK(distinct.insert(label).second);
  }
  CHECK(distinct.size() == 6);
  CHECK(labels.at("plain") == "plain");
  CHECK(labels.at("taken") != "taken");
  CHECK(unique_labels({x + "2", x + "3"}, shorten).at(x + "2") == labels.at(x + "2"));
}

TEST_CASE("columns") {
  CHECK(columns("abc") == 3);
  CHECK(columns("\u65e5\u672c") == 4);
  CHECK(columns("e\u0301") == 1);
  CHECK(columns("\u2718") == 1);
}

}  // namespace burstgate::report

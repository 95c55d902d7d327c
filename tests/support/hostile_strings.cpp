// The list is put together from what the formats we write, and the systems that read them, give a meaning to.
#include "support/hostile_strings.hpp"

#include <algorithm>
#include <set>

namespace burstgate::test {

namespace {

std::vector<std::string> written_by_hand() {
  return {
      "]]>",
      "<![CDATA[x]]>",
      "<script>alert(1)</script>",
      "</system-out></testcase>",
      "&amp;&#0;&lt;",
      "\"'",
      "<!--",
      "-->",
      "a|b",
      "\\|",
      "\\\\|",
      "| --- |",
      "`code`",
      "```\n```",
      "``` ```",
      "[x](javascript:alert(1))",
      "![i](http://x/y.png)",
      "**bold** __u__ ~~s~~",
      "@everyone",
      "#123 GH-1",
      "https://user:pw@x.org/?token=1",
      "www.x.org",
      "</details>",
      "\x1b[2J\x1b[31m",
      "\x1b]0;t\x07",
      "\x9b"
      "31m",
      "\r\n::error::x",
      "::error file=a::x",
      "  ::error::x",
      "\t::error::x",
      "##[error]x",
      "##vso[task.setvariable]x",
      "x ##vso[y]",
      "##[[##[",
      "###[x",
      "\u202Eabc\u202C",
      "\u200Bzero\uFEFF",
      "\u2066x\u2069",
      "\u2028\u2029",
      "\xed\xa0\x80",
      "\xed\xbf\xbf",
      "\xef\xbf\xbe",
      "\xef\xbf\xbf",
      "\xc0\x80",
      "\xf4\x90\x80\x80",
      "\xe2\x82",
      "\xf0\x9f\x98\x80",
      "\u65e5\u672c\u8a9e",
      "e\u0301",
      "%n%s%x",
      "{}{0}{:d}",
      "$(id)`id`",
      "\n\n# title",
      "1. x\n- y",
      "..",
      ".",
      " ",
      "a b  c",
      std::string(1, '\0'),
      std::string("a\0b", 3),
      std::string(10'240, 'x'),
      std::string(10'240, '|'),
      std::string(10'240, '\''),
      std::string(10'240, '\xff'),
      std::string(3'000, '`'),
      // XML and HTML
      "</script><script>x</script>",
      "<svg onload=alert(1)>",
      "<img src=x onerror=alert(1)>",
      "<a href=\"javascript:alert(1)\">x</a>",
      "\"><b>",
      "'><i x='",
      "<?xml version=\"1.0\"?>",
      "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>&e;",
      "&lol;&#x41;&#xD800;",
      "<details open>",
      "<summary>x</summary>",
      "</testsuites>",
      "<style>*{display:none}</style>",
      "<iframe src=//x.org>",
      "--><img src=x>",
      "--!><b>",
      // Markdown
      "# title",
      "> quote",
      "- [ ] task",
      "* item",
      "---",
      "===",
      "    code",
      "| a | b |\n| --- | --- |",
      "\n| x |",
      "a\\",
      "\\\\\\|||",
      "[a]: http://x.org",
      "[^1]",
      "[[link]]",
      "<https://x.org>",
      "mailto:a@x.org",
      "user@x.org",
      "@org/team",
      "owner/repo#1",
      ":smile:",
      "$x$ $$y$$",
      "~~~\nx\n~~~",
      "````mermaid\ngraph TD\n````",
      "```mermaid",
      "\"] --> [\"",
      "a\"]\n  bar [1]",
      "%%{init: {}}%%",
      // Commands of CI systems
      "::set-output name=x::y",
      "::add-mask::x",
      "::stop-commands::x",
      "::group::x",
      "::endgroup::",
      ":: error ::x",
      ":::error::x",
      "x\n::error::y",
      "x\r::error::y",
      "\u00a0::error::x",
      "\u3000::error::x",
      "\u2028::error::x",
      "\xc2\x85::error::x",
      "##[group]x",
      "##[command]x",
      "##[add-path]/tmp",
      "a ##[error]b",
      "##vso[task.complete result=Failed;]x",
      "##vso[task.setvariable variable=x;issecret=true]y",
      "##vso##vso[x]",
      "%0A::error::x",
      "%25%0D%0A",
      "%AZP25",
      "a,b:c;d]e",
      "file=x,line=1::y",
      "section_start:0:x\r\x1b[0K",
      "\x1b[0Ksection_end:0:x",
      "~~~ group",
      "+++ open",
      "##teamcity[testFailed name='x']",
      // Spreadsheets
      "=1+1",
      "=cmd|' /C calc'!A0",
      "=HYPERLINK(\"http://x.org\",\"x\")",
      "+1+1",
      "-1+1",
      "@SUM(A1)",
      " =1+1",
      "\t=1+1",
      "\r=1+1",
      "\n=1+1",
      "\uff1d1+1",
      "\uff0b1",
      "\uff0d1",
      "\uff20x",
      "a;=1+1",
      "a,=1+1",
      "\",=1+1,\"",
      "\"\"",
      "'",
      "a\"b",
      "a,b\nc,d",
      // Labels
      "a=\"b\"",
      "x\"} 1\ny{z=\"",
      "{}",
      "a#b",
      "# EOF",
      "# HELP x y",
      "# TYPE x counter",
      "a b c",
      "a\\nb",
      "endpoint=\"total\"",
      "total",
      "NaN",
      "+Inf",
      "__name__",
      "a'b\"c",
      "$HOME",
      // JSON
      "{\"a\": 1}",
      "\\u0000",
      "\\ud800",
      "\",\"x\":\"",
      "__proto__",
      "null",
      "true",
      "-0",
      "1e999",
      // Shells and formats
      "; rm -rf /",
      "`id`",
      "$(id)",
      "'; DROP TABLE x; --",
      "../../etc/passwd",
      "C:\\x\\y",
      "%d%s%n%p",
      "{0}{1}",
      "--help",
      "-x",
      "~",
      "*",
      "?",
      // Unicode
      "\u00ad##[x",
      "\u061cx",
      "\u180ex",
      "\u115fx",
      "\u3164",
      "\ufffc\ufffd",
      "\U000e0041\U000e0042",
      "\U0001f468\u200d\U0001f469\u200d\U0001f467",
      "Z\u0351\u036b\u0343\u036a\u0302\u036b",
      "\u0130\u0131\u017f",
      "\u01f8\u200f",
      "\ue000",
      "\U0010ffff",
      "\xf0\x9f",
      "\xfe\xff",
      "\xef\xbb\xbfx",
      "\xc3\x28",
      "\xe2\x28\xa1",
      "\xf8\x88\x80\x80\x80",
      "Authorization: Bearer x",
      "HTTP/1.1 200 OK\r\n\r\n",
  };
}

// What means something at one place only, at every place.
std::vector<std::string> carried() {
  const std::string payloads[] = {
      "<script>x</script>", "|",     "`",       "::error::x", "##[error]x", "##vso[y]", "=1+1", "]]>", "\"",
      "{x=\"y\"}",          "@team", "\x1b[31m"};
  const std::pair<std::string, std::string> carriers[] = {
      {"  ", ""},   {"\t", "\t"}, {"\n", "\n"},         {"\r\n", "x"}, {"\u00a0", ""}, {"\u2028", ""},
      {"\\", "\\"}, {"a ", " b"}, {"\u202e", "\u202c"}, {"\"", "\""},  {"'", "'"},     {"x\n\n", "\n\ny"}};
  std::vector<std::string> texts;
  for (const std::string& payload : payloads) {
    for (const auto& [before, after] : carriers) texts.push_back(before + payload + after);
  }
  return texts;
}

std::vector<std::string> every_byte() {
  std::vector<std::string> texts(1);
  for (int byte = 0; byte < 256; ++byte) {
    texts.push_back("a" + std::string(1, static_cast<char>(byte)) + "b");
    texts.front() += static_cast<char>(byte);
  }
  return texts;
}

std::vector<std::string> all_of_them() {
  std::vector<std::string> texts;
  std::set<std::string> seen;
  for (const auto& list : {written_by_hand(), carried(), every_byte()}) {
    std::copy_if(list.begin(), list.end(), std::back_inserter(texts),
                 [&](const std::string& text) { return seen.insert(text).second; });
  }
  return texts;
}

}  // namespace

const std::vector<std::string>& hostile_strings() {
  static const std::vector<std::string> list = all_of_them();
  return list;
}

}  // namespace burstgate::test

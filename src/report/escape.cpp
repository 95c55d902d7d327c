#include "report/escape.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <set>

#include "base/text.hpp"

namespace burstgate::report {

namespace {

struct CodePoint {
  std::uint32_t value = 0;
  std::size_t bytes = 1;
};

// The first character of valid, non-empty UTF-8.
CodePoint first_code_point(std::string_view utf8) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(utf8[i])); };
  const std::uint32_t lead = byte(0);
  const std::size_t bytes = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  if (bytes == 1 || utf8.size() < bytes) return {lead, 1};
  std::uint32_t value = lead & (0xffu >> (bytes + 1));
  for (std::size_t i = 1; i < bytes; ++i) value = value << 6 | (byte(i) & 0x3fu);
  return {value, bytes};
}

std::size_t width_of(std::uint32_t c) {
  if (c >= 0x300 && c <= 0x36f) return 0;
  const bool wide = (c >= 0x1100 && c <= 0x115f) || (c >= 0x2e80 && c <= 0xa4cf) || (c >= 0xac00 && c <= 0xd7a3) ||
                    (c >= 0xf900 && c <= 0xfaff) || (c >= 0xfe30 && c <= 0xfe6f) || (c >= 0xff00 && c <= 0xff60) ||
                    (c >= 0xffe0 && c <= 0xffe6) || (c >= 0x1f300 && c <= 0x1faff) || (c >= 0x20000 && c <= 0x3fffd);
  return wide ? 2 : 1;
}

// visible() line by line, the line feeds kept.
std::string visible_lines(std::string_view text) {
  std::string out;
  while (true) {
    const std::size_t end = text.find('\n');
    out += visible(text.substr(0, end));
    if (end == std::string_view::npos) return out;
    out += '\n';
    text.remove_prefix(end + 1);
  }
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

}  // namespace

std::string terminal_text(std::string_view text, bool unicode) {
  const std::string clean = visible(text);
  if (unicode) return clean;
  std::string out;
  for (std::string_view rest = clean; !rest.empty();) {
    const CodePoint c = first_code_point(rest);
    out += c.value < 0x80 ? std::string(1, rest[0]) : fmt::format("\\u{{{:x}}}", c.value);
    rest.remove_prefix(c.bytes);
  }
  return out;
}

std::string xml_text(std::string_view text) {
  std::string out;
  for (const char c : visible_lines(text)) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;  // "]]>" may not stand in character data
      default:
        out += c;
    }
  }
  return out;
}

std::string xml_attribute(std::string_view text) {
  std::string out;
  for (const char c : xml_text(text)) {
    switch (c) {
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&apos;";
        break;
      case '\n':
        out += "&#10;";
        break;  // a literal one would be read back as a blank
      default:
        out += c;
    }
  }
  return out;
}

std::string markdown_text(std::string_view text) {
  std::string out;
  for (const char c : visible(text)) {
    switch (c) {
      case '\\':
      case '`':
      case '*':
      case '_':
      case '[':
      case ']':
      case '~':
      case '!':
      case '$':
        out += '\\';
        out += c;
        break;
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '|':
        out += "&#124;";
        break;  // "\|" is read differently after a backslash by different renderers
      case '@':
        out += "@&#8203;";
        break;  // GitHub looks for mentions after the entities are resolved
      case '#':
        out += "\\#&#8203;";
        break;  // and for issue numbers
      default:
        out += c;
    }
  }
  out = replaced(std::move(out), "://", "&#58;//");  // bare URLs would become links
  out = replaced(std::move(out), "www.", "www&#46;");
  // "::" would be a command for GitHub where a line of the file starts with it and the file is shown in a log.
  if (out.starts_with('>')) return "&gt;" + out.substr(1);  // at the start of a line it would be a quotation
  return out.starts_with("::") ? "&#58;" + out.substr(1) : out;
}

std::string markdown_code_block(const std::vector<std::string>& lines, std::string_view language) {
  std::string body;
  std::size_t longest = 0, run = 0;
  for (const std::string& line : lines) body += visible(line) + "\n";
  for (const char c : body) longest = std::max(longest, run = c == '`' ? run + 1 : 0);
  const std::string fence(std::max<std::size_t>(3, longest + 1), '`');
  return fmt::format("{}{}\n{}{}\n", fence, language, body, fence);
}

std::string markdown_code_block(std::string_view line, std::string_view language) {
  return markdown_code_block(std::vector<std::string>{std::string(line)}, language);
}

namespace {

// Length of the blank at the head of the text, 0 when there is none. GitHub's runner trims what Unicode calls white
// space before it looks for "::".
std::size_t blank_at(std::string_view text) {
  for (const std::string_view blank :
       {" ",      "\t",     "\v",     "\f",     "\r",     "\u0085", "\u00a0", "\u1680",
        "\u2000", "\u2001", "\u2002", "\u2003", "\u2004", "\u2005", "\u2006", "\u2007",
        "\u2008", "\u2009", "\u200a", "\u2028", "\u2029", "\u202f", "\u205f", "\u3000"}) {
    if (text.starts_with(blank)) return blank.size();
  }
  return 0;
}

}  // namespace

std::string_view without_leading_blanks(std::string_view text) {
  for (std::size_t blank = blank_at(text); blank > 0; blank = blank_at(text)) text.remove_prefix(blank);
  return text;
}

std::string defused(std::string_view text) {
  std::string out;
  bool at_start = true;  // only blanks so far in this line
  while (!text.empty()) {
    std::size_t taken = 1;
    if (text.starts_with("##[") || text.starts_with("##vso[")) {
      out += "#\\x23";
      taken = 2;
      at_start = false;
    } else if (at_start && text.starts_with("::")) {
      out += "\\x3a";
      at_start = false;
    } else {
      const std::size_t blank = at_start ? blank_at(text) : 0;
      taken = std::max<std::size_t>(1, blank);
      at_start = text[0] == '\n' || blank > 0;
      out += text.substr(0, taken);
    }
    text.remove_prefix(taken);
  }
  return out;
}

std::string defused_json(std::string json) {
  // "#" stands in strings only, where it may be written as an escape.
  json = replaced(std::move(json), "##[", "#\\u0023[");
  return replaced(std::move(json), "##vso[", "#\\u0023vso[");
}

namespace {

// FNV-1a, 32 bits (http://www.isthe.com/chongo/tech/comp/fnv/): short, and the same on every machine.
std::uint32_t fingerprint(std::string_view text) {
  std::uint32_t hash = 2166136261u;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619u;
  return hash;
}

}  // namespace

std::map<std::string, std::string> unique_labels(const std::vector<std::string>& names,
                                                 const std::function<std::string(std::string_view)>& shorten,
                                                 const std::vector<std::string>& taken) {
  const std::set<std::string> distinct(names.begin(), names.end());
  std::map<std::string, int> uses;
  for (const std::string& label : taken) ++uses[label];
  for (const std::string& name : distinct) ++uses[shorten(name)];
  std::set<std::string> given(taken.begin(), taken.end());
  std::map<std::string, std::string> labels;
  for (const std::string& name : distinct) {
    const std::string plain = shorten(name);
    std::string label = uses[plain] == 1 ? plain : fmt::format("{}~{:08x}", plain, fingerprint(name));
    for (int n = 2; !given.insert(label).second; ++n) label = fmt::format("{}~{:08x}~{}", plain, fingerprint(name), n);
    labels[name] = label;
  }
  return labels;
}

std::size_t columns(std::string_view utf8) {
  std::size_t width = 0;
  while (!utf8.empty()) {
    const CodePoint c = first_code_point(utf8);
    width += width_of(c.value);
    utf8.remove_prefix(c.bytes);
  }
  return width;
}

}  // namespace burstgate::report

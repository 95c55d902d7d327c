#include "config/source_mask.hpp"

#include <algorithm>
#include <vector>

#include "config/http_words.hpp"

namespace burstgate::config {

namespace {

constexpr auto npos = std::string_view::npos;

// Marks [from, to) as secret, except ${NAME}.
void hide(std::string_view line, std::size_t from, std::size_t to, std::vector<bool>& hidden) {
  for (std::size_t i = from; i < to; ++i) {
    const std::size_t end = line.substr(i, 2) == "${" ? line.find('}', i) : npos;
    if (end != npos && end < to) {
      i = end;
    } else {
      hidden[i] = true;
    }
  }
}

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

// `Name: value`, `"Name": value`: the value up to its quote, or to the next ',' or '}' without quotes.
void hide_headers(std::string_view line, std::vector<bool>& hidden) {
  for (std::size_t i = 0; i < line.size();) {
    std::size_t end = i;
    while (end < line.size() && is_word(line[end])) ++end;
    if (end == i) {
      ++i;
      continue;
    }
    const std::string_view word = line.substr(i, end - i);
    const bool secret = is_secret_header(word) || word == "password" || word == "bearer" || word == "webhook";
    i = end;
    if (!secret) continue;
    if (i < line.size() && (line[i] == '"' || line[i] == '\'')) ++i;
    if (i >= line.size() || line[i] != ':') continue;
    const std::size_t value = line.find_first_not_of(" \t", i + 1);
    if (value == npos) return;
    const bool quoted = line[value] == '"' || line[value] == '\'';
    const std::size_t from = quoted ? value + 1 : value;
    std::size_t to = quoted ? line.find(line[value], from) : line.find_first_of(",}", from);
    // "Bearer ${TOKEN}" without quotes: its '}' is not the end.
    while (!quoted && to != npos && line[to] == '}' && line.substr(from, to - from).rfind("${") != npos &&
           line.substr(from, to - from).rfind('}') == npos) {
      to = line.find_first_of(",}", to + 1);
    }
    if (to == npos) to = line.size();
    // A value that takes its secret from the environment shows nothing as it stands.
    if (line.substr(from, to - from).find("${") == npos) hide(line, from, to, hidden);
    i = to;
  }
}

// What stands between "://" and '@', and between '=' and '&' after a '?'.
void hide_url_parts(std::string_view line, std::vector<bool>& hidden) {
  constexpr std::string_view ends = " \t\"'<>,";
  for (std::size_t scheme = line.find("://"); scheme != npos; scheme = line.find("://", scheme + 3)) {
    const std::size_t end = std::min(line.find_first_of("/?#", scheme + 3), line.find_first_of(ends, scheme + 3));
    const std::size_t at = line.substr(0, end).rfind('@');
    if (at != npos && at > scheme) hide(line, scheme + 3, at, hidden);
  }
  for (std::size_t query = line.find('?'); query != npos; query = line.find('?', query + 1)) {
    const std::size_t end = std::min(line.find_first_of(ends, query), line.size());
    for (std::size_t i = query; i < end;) {
      const std::size_t equals = line.find('=', i);
      if (equals == npos || equals >= end) break;
      i = std::min(line.find('&', equals), end);
      hide(line, equals + 1, i, hidden);
    }
    query = std::max(query, end - 1);
  }
}

}  // namespace

std::string without_secrets(std::string_view line) {
  std::vector<bool> hidden(line.size());
  hide_headers(line, hidden);
  hide_url_parts(line, hidden);
  std::string shown;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const bool continues = (static_cast<unsigned char>(line[i]) & 0xc0) == 0x80;
    if (!hidden[i]) {
      shown += line[i];
    } else if (!continues) {
      shown += '*';
    }
  }
  return shown;
}

}  // namespace burstgate::config

#include "cli/secret_words.hpp"

#include <algorithm>
#include <cstring>

namespace burstgate::cli {

namespace {

bool blank(char* from, const char* to) {
  std::fill(from, from + (to - from), '*');
  return from < to;
}

// "user:password" of "http://user:password@host/"
bool hide_user_info(char* authority) {
  char* const end = authority + std::strcspn(authority, "/?#");
  char* const at = std::find(authority, end, '@');
  return at != end && blank(authority, at);
}

// Each value of "?token=value&b=c", and a query that is one word without a name.
bool hide_query(char* query) {
  bool found = false;
  while (*query != '\0' && *query != '#') {
    const std::size_t length = std::strcspn(query, "&#");
    char* const end = query + length;
    char* const equals = std::find(query, end, '=');
    found |= blank(equals == end ? query : equals + 1, end);
    query = *end == '&' ? end + 1 : end;
  }
  return found;
}

}  // namespace

bool hide_secrets(std::span<char*> words) {
  bool found = false;
  for (char* word : words) {
    char* const scheme_end = std::strstr(word, "://");
    if (scheme_end == nullptr) continue;
    found |= hide_user_info(scheme_end + 3);
    if (char* const query = std::strchr(scheme_end, '?')) found |= hide_query(query + 1);
  }
  return found;
}

}  // namespace burstgate::cli

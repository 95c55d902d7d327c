// The cookies of one user (RFC 6265), for the one service that it talks to: Domain is not looked at, and Secure cookies
// are sent whatever the scheme, because the service under test often stands where its TLS does not. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace burstgate::load {

class CookieJar {
 public:
  // A Set-Cookie field of the answer to a request for `path`. What is no cookie is left out.
  void set(std::string_view field, std::string_view path, std::int64_t now_unix_s);

  // "a=1; b=2" for a request of `path`, longer paths first, then the older cookie.
  void append_to(std::string& out, std::string_view path, std::int64_t now_unix_s) const;

  bool empty() const { return cookies_.empty(); }

 private:
  struct Cookie {
    std::string name;
    std::string value;
    std::string path;
    std::optional<std::int64_t> expires_unix_s;  // otherwise it lasts as long as the jar
  };
  std::vector<Cookie> cookies_;  // in the order in which they are sent
};

// The name and value of a Set-Cookie field; an empty name: it has none.
struct NamedValue {
  std::string_view name;
  std::string_view value;
};
NamedValue cookie_of(std::string_view set_cookie_field);

// A date as cookies write it ("Wed, 21 Oct 2015 07:28:00 GMT", "Wednesday, 21-Oct-15 07:28:00 GMT"), in seconds since
// 1970.
std::optional<std::int64_t> parse_cookie_date(std::string_view text);

inline constexpr std::size_t max_cookies = 50;  // of a user; further ones are left out
inline constexpr std::size_t max_cookie_bytes = 4096;

}  // namespace burstgate::load

// RFC 3986, narrowed to what names one HTTP service without ambiguity: what two programs could read differently is
// refused, so that the burst never goes to another host than the reader of the configuration thinks.
#include "protocol/url.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

#include "base/error.hpp"
#include "base/text.hpp"
#include "protocol/characters.hpp"

namespace burstgate::protocol {

namespace {

std::uint16_t default_port(std::string_view scheme) {
  return scheme == "https" ? 443 : scheme == "tcp" ? 0 : 80;
}

constexpr unsigned max_port = 65535;
constexpr std::size_t max_host_bytes = 253;
constexpr std::size_t max_label_bytes = 63;
constexpr std::size_t shown_bytes = 64;
constexpr std::string_view example = "expected http://host[:port][/path]";

[[noreturn]] void refuse(std::string code, const std::string& where, std::string what, std::string_view hint) {
  throw Error(Trouble::usage, Problem{std::move(code), where, std::move(what), std::string(hint), {}, 0});
}

std::string quoted(std::string_view text) {
  return fmt::format("'{}'", elided(text, shown_bytes));
}

bool all_of(std::string_view text, bool (*is)(unsigned char)) {
  return std::all_of(text.begin(), text.end(), [is](char c) { return is(static_cast<unsigned char>(c)); });
}

std::vector<std::string_view> labels_of(std::string_view host) {
  std::vector<std::string_view> labels;
  for (std::size_t dot = host.find('.'); dot != std::string_view::npos; dot = host.find('.')) {
    labels.push_back(host.substr(0, dot));
    host.remove_prefix(dot + 1);
  }
  labels.push_back(host);
  return labels;
}

// Nothing here names the character's surroundings: user info and query values may be secrets.
void refuse_bad_characters(std::string_view text, const std::string& where) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c > 0x20 && c < 0x7f && std::string_view("\"<>\\^`{|}").find(text[i]) == std::string_view::npos) continue;
    const std::string character = c == ' '                ? "blank"
                                  : c < 0x20 || c == 0x7f ? "control character"
                                  : c >= 0x80             ? "byte above ASCII"
                                                          : "character";
    const std::string shown = c > 0x20 && c < 0x7f ? quoted(text.substr(i, 1)) : fmt::format("0x{:02x}", c);
    refuse("E-207", where, fmt::format("URL with {} {} at position {}", character, shown, i + 1),
           "percent-encode it in path and query");
  }
}

std::string_view take_scheme(std::string_view& text, const std::string& where) {
  const std::size_t end = text.find("://");
  if (end == std::string_view::npos || end > text.find_first_of("/?#")) {
    refuse("E-201", where, "URL without a scheme", example);
  }
  const std::string_view scheme = text.substr(0, end);
  std::string lower(scheme);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; });
  text.remove_prefix(end + 3);
  for (const std::string_view known : {"http", "https", "tcp"}) {
    if (lower == known) return known;
  }
  refuse("E-201", where, fmt::format("unknown URL scheme {}", quoted(scheme)), "use http:// or https://");
}

std::uint16_t port_of(std::string_view digits, const std::string& where) {
  constexpr std::string_view range = "expected a number from 1 to 65535";
  if (digits.empty()) refuse("E-204", where, "URL with a colon but no port", range);
  unsigned port = 0;
  const bool is_number = all_of(digits, is_digit) && digits.size() <= 5;
  for (const char c : digits.substr(0, is_number ? digits.size() : 0))
    port = port * 10 + static_cast<unsigned>(c - '0');
  if (!is_number || port == 0 || port > max_port) {
    refuse("E-204", where, fmt::format("URL with port {}", quoted(digits)), range);
  }
  return static_cast<std::uint16_t>(port);
}

// The last label decides whether a host is an IPv4 address: what looks like a number has to be one in the usual form.
bool looks_like_ipv4(const std::vector<std::string_view>& labels) {
  std::string_view last = labels.back();
  if (last.empty() && labels.size() > 1) last = labels[labels.size() - 2];
  if (last.empty()) return false;
  const bool hex =
      last.size() >= 2 && last[0] == '0' && (last[1] | 0x20) == 'x' && all_of(last.substr(2), is_hex_digit);
  return hex || all_of(last, is_digit);
}

bool is_octet(std::string_view label) {
  if (label.empty() || label.size() > 3 || !all_of(label, is_digit)) return false;
  if (label.size() > 1 && label[0] == '0') return false;  // octal for some
  int value = 0;
  for (const char c : label) value = value * 10 + (c - '0');
  return value <= 255;
}

bool is_name_label(std::string_view label) {
  const auto is_allowed = [](unsigned char c) { return is_letter(c) || is_digit(c) || c == '-' || c == '_'; };
  return !label.empty() && label.size() <= max_label_bytes && label.front() != '-' && label.back() != '-' &&
         all_of(label, is_allowed);
}

void check_host(std::string_view host, const std::string& where) {
  if (host.empty()) refuse("E-203", where, "URL without a host", example);
  std::vector<std::string_view> labels = labels_of(host);
  if (looks_like_ipv4(labels)) {
    if (labels.size() == 4 && std::all_of(labels.begin(), labels.end(), is_octet)) return;
    refuse("E-208", where, fmt::format("URL with the odd IPv4 address {}", quoted(host)),
           "expected four decimal numbers from 0 to 255 without leading zeros");
  }
  if (labels.size() > 1 && labels.back().empty()) labels.pop_back();  // "example.org." is a name
  if (host.size() > max_host_bytes || !std::all_of(labels.begin(), labels.end(), is_name_label)) {
    refuse(
        "E-203", where, fmt::format("URL with the host {}", quoted(host)),
        "expected labels of letters, digits, '-' and '_' with dots between them, an IPv4 address, or an IPv6 address "
        "in brackets");
  }
}

void check_ipv6(std::string_view host, const std::string& where) {
  std::array<unsigned char, sizeof(in6_addr)> address{};
  if (inet_pton(AF_INET6, std::string(host).c_str(), address.data()) == 1) return;
  refuse("E-203", where, fmt::format("URL with the IPv6 address {}", quoted(host)), "expected one like [::1]");
}

void read_authority(std::string_view authority, const std::string& where, Url& url) {
  if (authority.find('@') != std::string_view::npos) {
    refuse("E-205", where, "URL with a user name or password", "send an Authorization header instead");
  }
  std::size_t host_end = authority.find(':');
  url.ipv6_literal = !authority.empty() && authority.front() == '[';
  if (url.ipv6_literal) {
    const std::size_t bracket = authority.find(']');
    if (bracket == std::string_view::npos) refuse("E-203", where, "URL with '[' but no ']'", "expected one like [::1]");
    url.host = authority.substr(1, bracket - 1);
    check_ipv6(url.host, where);
    host_end = bracket + 1;
    if (host_end < authority.size() && authority[host_end] != ':') {
      refuse("E-204", where, fmt::format("URL with {} after the host", quoted(authority.substr(host_end))), example);
    }
    if (host_end == authority.size()) host_end = std::string_view::npos;
  } else {
    if (std::count(authority.begin(), authority.end(), ':') > 1) {
      refuse("E-203", where, fmt::format("URL with the host {}", quoted(authority)),
             "an IPv6 address stands in brackets, as in http://[::1]:8080");
    }
    url.host = authority.substr(0, host_end);
    check_host(url.host, where);
  }
  if (host_end == std::string_view::npos && default_port(url.scheme) == 0) {
    refuse("E-204", where, "tcp URL without a port", "expected tcp://host:port");
  }
  url.port =
      host_end == std::string_view::npos ? default_port(url.scheme) : port_of(authority.substr(host_end + 1), where);
}

// Brackets are allowed in the query, where "filter[name]=x" is common.
void check_target(std::string_view target, const std::string& where) {
  const std::size_t query = target.find('?');
  if (target.substr(0, query).find_first_of("[]") != std::string_view::npos) {
    refuse("E-207", where, "URL with a bracket in its path", "percent-encode it: %5B or %5D");
  }
  for (std::size_t at = target.find('%'); at != std::string_view::npos; at = target.find('%', at + 1)) {
    const std::string_view digits = target.substr(at + 1, 2);
    if (digits.size() < 2 || !all_of(digits, is_hex_digit)) {
      refuse("E-207", where, "URL with '%' that two hexadecimal digits do not follow", "write a percent sign as %25");
    }
  }
}

}  // namespace

std::string Url::host_header() const {
  const std::string name = ipv6_literal ? "[" + host + "]" : host;
  return port == default_port(scheme) ? name : fmt::format("{}:{}", name, port);
}

std::string Url::origin() const {
  return fmt::format("{}://{}{}{}:{}", scheme, ipv6_literal ? "[" : "", host, ipv6_literal ? "]" : "", port);
}

Url parse_url(std::string_view text, const std::string& where) {
  if (text.empty()) refuse("E-201", where, "empty URL", example);
  refuse_bad_characters(text, where);
  Url url;
  url.scheme = take_scheme(text, where);
  const std::size_t authority_end = std::min(text.find_first_of("/?#"), text.size());
  read_authority(text.substr(0, authority_end), where, url);
  const std::string_view rest = text.substr(authority_end);
  if (rest.find('#') != std::string_view::npos) {
    refuse("E-206", where, "URL with a fragment ('#')", "a fragment is never sent; write %23 for the character itself");
  }
  check_target(rest, where);
  url.target = rest;
  if (url.target.empty() || url.target.front() != '/') url.target.insert(0, "/");
  return url;
}

}  // namespace burstgate::protocol

// A slash ends a value even as %2F, and a path of dots is resolved on the way: so only plain words stand as they are,
// and everything else in base64 with the alphabet of URLs (RFC 4648, section 5).
#include "report/pushgateway.hpp"

#include <algorithm>
#include <string_view>

#include "base/encodings.hpp"

namespace burstgate::report {

namespace {

bool is_plain(std::string_view value) {
  const auto unreserved = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("-._~").find(c) != std::string_view::npos;
  };
  return value.find_first_not_of('.') != std::string_view::npos && std::all_of(value.begin(), value.end(), unreserved);
}

// An empty value is a lone '='.
std::string url_base64(std::string_view value) {
  std::string text = base64(value);
  std::replace(text.begin(), text.end(), '+', '-');
  std::replace(text.begin(), text.end(), '/', '_');
  return text.empty() ? "=" : text;
}

std::string pair_text(const std::string& name, const std::string& value) {
  if (is_plain(value)) return "/" + name + "/" + value;
  return "/" + name + "@base64/" + url_base64(value);
}

}  // namespace

std::string pushgateway_path(const std::string& job, const std::vector<std::pair<std::string, std::string>>& labels) {
  std::string path = "/metrics" + pair_text("job", job);
  for (const auto& [name, value] : labels) path += pair_text(name, value);
  return path;
}

}  // namespace burstgate::report

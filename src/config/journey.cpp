#include "config/journey.hpp"

namespace burstgate::config {

std::string Save::text() const {
  switch (from) {
    case From::json:
      return "json:" + what;
    case From::header:
      return "header:" + what;
    case From::regex:
      return "regex:" + what;
    case From::cookie:
      return "cookie:" + what;
  }
  return what;
}

std::string_view name(Cookies cookies) {
  switch (cookies) {
    case Cookies::user:
      return "user";
    case Cookies::iteration:
      return "iteration";
    case Cookies::none:
      return "none";
  }
  return "";
}

std::string_view name(Feeder::Order order) {
  switch (order) {
    case Feeder::Order::sequential:
      return "sequential";
    case Feeder::Order::random:
      return "random";
    case Feeder::Order::unique:
      return "unique";
  }
  return "";
}

std::string_view name(Feeder::Per per) {
  return per == Feeder::Per::user ? "user" : "iteration";
}

std::string spelled(std::string_view text, const std::vector<Placeholder>& placeholders) {
  std::string whole;
  std::size_t at = 0;
  for (const Placeholder& placeholder : placeholders) {
    whole += text.substr(at, placeholder.at - at);
    whole += "{" + placeholder.name + "}";
    at = placeholder.at;
  }
  return whole.append(text.substr(at));
}

}  // namespace burstgate::config

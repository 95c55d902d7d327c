#include "cli/numbers.hpp"

#include <fmt/format.h>

#include <charconv>

#include "base/error.hpp"
#include "base/text.hpp"

namespace burstgate::cli {

std::optional<std::size_t> whole_number(const Arguments& arguments, const char* flag, std::size_t least,
                                        std::size_t most) {
  const auto found = arguments.own.find(flag);
  if (found == arguments.own.end()) return std::nullopt;
  const std::string& text = found->second;
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool good = error == std::errc() && end == text.data() + text.size() && number >= least && number <= most;
  if (good) return number;
  throw Error(Trouble::usage, {.code = "E-001",
                               .where = flag,
                               .what = fmt::format("'{}' is no valid value", elided(text, 60)),
                               .hint = fmt::format("a whole number from {} to {}", least, most)});
}

}  // namespace burstgate::cli

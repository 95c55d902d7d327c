// What makes one iteration of a user differ from the next: values put into requests, where they come from, and what is
// kept of the answers. Plain values; names have become numbers, and whoever holds them may rely on these.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/place.hpp"
#include "config/header.hpp"

namespace burstgate::config {

// A value kept from an answer, for the steps after it.
struct Save {
  enum class From { json, header, regex, cookie };
  std::string variable;
  From from = From::json;
  std::string what;  // the pointer, the header's or cookie's name, the pattern
  std::size_t slot = 0;
  Place place{};

  std::string text() const;  // "json:/session_id"
};

struct JsonCheck {
  std::string pointer;
  std::string expected;  // as JSON: true, "done", 42
};
struct HeaderCheck {
  std::string name;
  std::string contains;
};

using Rows = std::vector<std::vector<std::string>>;

// A file of rows, each a set of named values.
struct Feeder {
  enum class Order { sequential, random, unique };  // unique: no row twice
  enum class Per { iteration, user };               // how long a row is kept
  std::string file;
  std::string digest;  // of its content, SHA-256
  Order order = Order::sequential;
  Per per = Per::iteration;
  bool wraps = true;  // after the last row comes the first; otherwise the users end there
  std::vector<std::string> columns;
  std::shared_ptr<const Rows> rows;  // at least one, each as long as columns; copies of a plan share them
};

// A feeder's values in a scenario.
struct FeederUse {
  std::size_t feeder = 0;                                      // of the plan's
  std::vector<std::pair<std::size_t, std::size_t>> columns{};  // column and slot, of those that the scenario uses
  Place place{};
};

// A value that is made at the start of each iteration.
struct Variable {
  std::string name;
  Secretive value;
  std::size_t slot = 0;
  Place place{};
};

// Who keeps the cookies that answers set.
enum class Cookies { user, iteration, none };
std::string_view name(Cookies cookies);
std::string_view name(Feeder::Order order);
std::string_view name(Feeder::Per per);

}  // namespace burstgate::config

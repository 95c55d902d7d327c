// What a user keeps from one iteration to the next: its cookies, its values, and buffers that are used again. It
// belongs to the user's connection, and outlasts it and the burst.
#pragma once

#include <string>
#include <vector>

#include "load/cookie_jar.hpp"
#include "load/request.hpp"

namespace burstgate::load {

struct UserMemory {
  struct Part {  // of a scenario
    std::vector<std::string> slots;
    std::vector<const std::vector<std::string>*> rows;  // of its feeders, the last one taken
    bool begun = false;
    bool is_set_up = false;
  };
  std::vector<Part> parts;  // by ScenarioRequests::index
  CookieJar cookies;
  CookieJar cookies_after_setup;  // what each iteration begins with, when cookies are kept per iteration
  Outgoing outgoing;              // the request under way, when it varies
  std::string cookie_line;
};

}  // namespace burstgate::load

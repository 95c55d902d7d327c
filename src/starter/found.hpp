// What was found in a repository: plain values. Texts are as the repository has them, checked only as far as said here.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace burstgate::starter {

// How the service is started, as one file says it.
struct Start {
  std::vector<std::string> command;  // printable words, one line each; empty: somebody else starts it
  std::optional<int> port;           // the one it listens on; nothing: it is told, by {port} in the command
  std::string from;                  // "scripts.start of package.json"
  std::vector<std::string> build;    // shell lines that come before, in a workflow
  std::string node_version;          // digits; "": no Node.js
  std::string health;                // the path that its source answers for health checks; "": none was seen
};

// A request that changes nothing.
struct SafeStep {
  std::string path;  // with query, characters of a URL only, and no quotes
  std::string name;  // letters, digits, '_', '-', '.'; "": none
};

struct Api {
  std::string file;
  std::vector<SafeStep> steps;        // at most max_steps
  std::size_t beyond = 0;             // that would be more
  std::vector<std::string> left_out;  // "GET /users/{id}: no example for 'id'"; any characters
  std::size_t unsafe = 0;             // operations that are no GET
};
inline constexpr std::size_t max_steps = 20;

struct Found {
  std::string name;  // of the folder or package; any characters
  std::optional<Start> start;
  std::optional<Api> api;
  std::vector<std::string> remarks;  // what could not be read, and what is guessed; any characters
};

}  // namespace burstgate::starter

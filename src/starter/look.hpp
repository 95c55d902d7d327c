// Looking at a repository: each file that may say how its service is started or what it answers.
#pragma once

#include <optional>

#include "starter/found.hpp"
#include "starter/repository.hpp"

namespace burstgate::starter {

Found look_at(Repository& repository);

// The single files; nothing when there is none, or it does not say.
std::optional<Start> look_at_node(Repository& repository);        // package.json
std::optional<Start> look_at_cmake(Repository& repository);       // CMakeLists.txt
std::optional<Start> look_at_dockerfile(Repository& repository);  // CMD that can run here; or a container's port
std::optional<Start> look_at_compose(Repository& repository);     // the published port
std::optional<Api> look_at_openapi(Repository& repository);

// What a source text shows about the service that it makes.
std::string health_path_in(const std::string& source);  // "/health" when that is quoted in it; or ""
std::optional<int> port_after(const std::string& text, const std::string& mark);  // digits that follow, 1 .. 65535

// Printable ASCII without blanks and what a shell acts on: may stand in a command and in a workflow's script.
bool is_plain_word(const std::string& word);

}  // namespace burstgate::starter

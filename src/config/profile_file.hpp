// A profile in a file of its own: the keys of a profile, its name under `profile:`, and spawn_rate also as a plain
// number of users per second.
#pragma once

#include <optional>
#include <string>

#include "config/profile_reader.hpp"

namespace burstgate::config {

// Whether a profile's name is a file's: it ends in .yaml or .yml.
bool names_profile_file(const std::string& name);

// The profile in the file that was named at `place`; nothing (reported) when it cannot be read. Without a name in the
// file it is called `name`.
std::optional<ProfileDraft> read_profile_file(const std::string& path, const std::string& name, const Place& place,
                                              Mistakes& mistakes);

// Whether the document is a profile rather than a burstgate.yaml or limits: it says users, a rate or stages at its top.
bool is_profile_document(const Value& document);

}  // namespace burstgate::config

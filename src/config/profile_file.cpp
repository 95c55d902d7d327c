#include "config/profile_file.hpp"

#include <algorithm>

#include "config/effective.hpp"
#include "config/named_file.hpp"

namespace burstgate::config {

bool is_profile_document(const Value& document) {
  return std::any_of(document.entries.begin(), document.entries.end(), [](const Entry& entry) {
    return entry.key == "users" || entry.key == "rate" || entry.key == "stages";
  });
}

bool names_profile_file(const std::string& name) {
  return name.ends_with(".yaml") || name.ends_with(".yml");
}

std::optional<ProfileDraft> read_profile_file(const std::string& path, const std::string& name, const Place& place,
                                              Mistakes& mistakes) {
  const auto text = read_named_file(path, place, mistakes);
  if (!text) return std::nullopt;
  auto document = parse_yaml(*text, path, mistakes);
  if (!document) return std::nullopt;
  Entry profile{name, document->place, std::move(*document)};
  std::vector<Entry>& entries = profile.value.entries;
  const auto own_name = std::find_if(entries.begin(), entries.end(), [](const Entry& e) { return e.key == "profile"; });
  if (own_name != entries.end()) {
    profile.key = read_line(own_name->value, "profile", mistakes).value_or(name);
    entries.erase(own_name);
  }
  for (Entry& entry : entries) {
    const bool plain = !entry.value.quoted && plain_meaning(entry.value.text) == PlainMeaning::number;
    if (entry.key == "spawn_rate" && plain) entry.value.text += "/s";
  }
  ProfileDraft draft = read_profile(profile, mistakes);
  draft.written = written_in(profile.value);
  return draft;
}

}  // namespace burstgate::config

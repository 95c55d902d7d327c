#include "config/read.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/file.hpp"
#include "config/effective.hpp"
#include "config/foreign_thresholds.hpp"
#include "config/named_file.hpp"
#include "config/overrides.hpp"
#include "config/plan_reader.hpp"
#include "config/profile_file.hpp"
#include "config/target_tables.hpp"
#include "config/template_text.hpp"
#include "config/thresholds_reader.hpp"

namespace burstgate::config {

namespace {

const Override* find_override(const std::vector<Override>& overrides, const std::string& key) {
  const auto found = std::find_if(overrides.begin(), overrides.end(), [&](const Override& o) { return o.key == key; });
  return found == overrides.end() ? nullptr : &*found;
}

// For one thresholds document: what its rules mean depends on the plan, where they are not burstgate's own.
class ThresholdsReading {
 public:
  ThresholdsReading(const Plan* plan, std::vector<std::string>& notes, Mistakes& mistakes)
      : plan_(plan), notes_(notes), mistakes_(mistakes) {}

  // Nothing: the text could not be read, which is reported.
  std::optional<Thresholds> read(const std::string& text, const std::string& file) {
    const Place top{file, 1, 1};
    if (has_target_tables(text)) {
      return resolved(read_target_tables(text, file, mistakes_), file, plan_, top, notes_, mistakes_);
    }
    const auto document = parse_yaml(text, file, mistakes_);
    if (!document) return std::nullopt;
    return read(*document, file);
  }

  Thresholds read(const Value& document, const std::string& source) {
    if (is_alert_pair(document)) {
      return resolved(read_alert_pair(document, mistakes_), source, plan_, document.place, notes_, mistakes_);
    }
    if (is_foreign_thresholds(document)) {
      return resolved(read_foreign_thresholds(document, Tier::fail, mistakes_), source, plan_, document.place, notes_,
                      mistakes_);
    }
    return read_thresholds_document(document, source, mistakes_);
  }

  // The file that is named at `place`.
  std::optional<Thresholds> read_named(const std::string& file, const Place& place) {
    const auto text = read_named_file(file, place, mistakes_);
    return text ? read(*text, file) : std::nullopt;
  }

 private:
  const Plan* plan_;
  std::vector<std::string>& notes_;
  Mistakes& mistakes_;
};

std::optional<Thresholds> choose_thresholds(const std::optional<Value>& written, const Override* flag,
                                            const Reading& reading, Settings& settings) {
  Mistakes& mistakes = reading.mistakes;
  ThresholdsReading thresholds(&settings.plan, settings.notes, mistakes);
  std::optional<Thresholds> inline_rules;
  const bool names_file = written && written->kind != Value::Kind::mapping;
  if (written && !names_file) inline_rules = thresholds.read(*written, settings.config_file);
  const auto path = names_file ? read_line(*written, "thresholds", mistakes) : std::nullopt;
  if (flag) {
    if (written) {
      settings.notes.push_back("thresholds " + flag->value + " from " + flag->origin + " instead of " +
                               path.value_or("those in the file") + " (" + written->place.text() + ")");
    }
    return thresholds.read_named(flag->value, Place{flag->origin, 0, 0});
  }
  if (!written) return default_thresholds();
  if (!names_file) return inline_rules;
  const auto filled = path ? filled_in(*path, written->place, reading) : std::nullopt;
  if (!filled) return std::nullopt;
  return thresholds.read_named(beside(settings.config_file, filled->text), written->place);
}

}  // namespace

Settings read_settings(const std::optional<std::string>& config_file, const std::vector<Override>& overrides,
                       const Environment& environment) {
  if (!config_file && !find_override(overrides, "url")) {
    throw Error(Trouble::usage, Problem{"E-100", "", "nothing to send load to: no URL and no configuration file",
                                        "burstgate gate http://127.0.0.1:8080/ or --config burstgate.yaml", "", 0});
  }
  Mistakes mistakes;
  const Reading reading{mistakes, environment};
  Settings settings;
  settings.config_file = config_file.value_or("");
  settings.overrides = overrides;

  PlanDraft draft;
  if (config_file) {
    const auto document = parse_yaml(read_file(*config_file, max_yaml_bytes), *config_file, mistakes);
    if (!document) mistakes.throw_if_any();
    settings.written = written_in(*document);
    draft = read_plan(*document, *config_file, reading);
  }
  settings.waivers = std::move(draft.waivers);
  settings.alerts = std::move(draft.alerts);
  settings.push_gateway = std::move(draft.push_gateway);
  const std::optional<Value> written = draft.thresholds;
  ChosenProfile chosen;
  settings.plan = overridden(std::move(draft), overrides, reading, settings.notes, chosen);
  for (Written& item : chosen.written) {
    item.key = "profiles." + settings.plan.profile.name + "." + item.key;
    settings.written.push_back(std::move(item));
  }
  auto thresholds = choose_thresholds(written, find_override(overrides, "thresholds"), reading, settings);
  if (thresholds) apply_targets(chosen.targets, settings.plan, *thresholds, settings.notes);
  // Compared with a plan that was read in part, correct rules would look wrong.
  if (thresholds && mistakes.empty()) check_thresholds(*thresholds, settings.plan, mistakes);
  mistakes.throw_if_any();
  settings.thresholds = std::move(*thresholds);
  return settings;
}

Thresholds read_thresholds(const std::string& file, const Environment&) {
  Mistakes mistakes;
  std::vector<std::string> notes;
  auto thresholds = ThresholdsReading(nullptr, notes, mistakes).read(read_file(file, max_yaml_bytes), file);
  mistakes.throw_if_any();
  return std::move(*thresholds);
}

std::optional<Profile> read_profile_alone(const std::string& file) {
  Mistakes mistakes;
  const auto document = parse_yaml(read_file(file, max_yaml_bytes), file, mistakes);
  if (!document || !is_profile_document(*document)) return std::nullopt;
  const auto draft = read_profile_file(file, file, Place{file, 1, 1}, mistakes);
  const Profile profile = draft ? to_profile(*draft, mistakes) : Profile{};
  mistakes.throw_if_any();
  return profile;
}

bool is_thresholds_file(const std::string& file) {
  Mistakes mistakes;
  std::optional<Value> document;
  try {
    const std::string text = read_file(file, max_yaml_bytes);
    if (has_target_tables(text)) return true;
    document = parse_yaml(text, file, mistakes);
  } catch (const Error&) {
    return false;  // whoever reads it next says why
  }
  if (!document) return false;
  const auto has = [&](const std::vector<std::string>& keys) {
    return std::any_of(document->entries.begin(), document->entries.end(), [&](const Entry& entry) {
      return std::find(keys.begin(), keys.end(), entry.key) != keys.end();
    });
  };
  return (has({"regression", "limits", "endpoints"}) || is_foreign_thresholds(*document)) && !has(plan_keys());
}

}  // namespace burstgate::config

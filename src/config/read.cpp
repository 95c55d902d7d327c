#include "config/read.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/file.hpp"
#include "config/effective.hpp"
#include "config/overrides.hpp"
#include "config/plan_reader.hpp"
#include "config/template_text.hpp"
#include "config/thresholds_reader.hpp"

namespace burstgate::config {

namespace {

const Override* find_override(const std::vector<Override>& overrides, const std::string& key) {
  const auto found = std::find_if(overrides.begin(), overrides.end(), [&](const Override& o) { return o.key == key; });
  return found == overrides.end() ? nullptr : &*found;
}

// Nothing: the document could not be read, which is reported.
std::optional<Thresholds> load_thresholds(const std::string& file, Mistakes& mistakes) {
  const auto document = parse_yaml(read_file(file, max_yaml_bytes), file, mistakes);
  if (!document) return std::nullopt;
  return read_thresholds_document(*document, file, mistakes);
}

// read_file's complaint, at the line that names the file.
std::optional<Thresholds> load_thresholds_named_by(const Value& value, const std::string& file, Mistakes& mistakes) {
  try {
    return load_thresholds(file, mistakes);
  } catch (const Error& error) {
    mistakes.add(error, value.place);
    return std::nullopt;
  }
}

std::optional<Thresholds> choose_thresholds(const std::optional<Value>& written, const std::string& config_file,
                                            const Override* flag, const Reading& reading,
                                            std::vector<std::string>& notes) {
  Mistakes& mistakes = reading.mistakes;
  std::optional<Thresholds> inline_rules;
  const bool names_file = written && written->kind != Value::Kind::mapping;
  if (written && !names_file) inline_rules = read_thresholds_document(*written, config_file, mistakes);
  const auto path = names_file ? read_line(*written, "thresholds", mistakes) : std::nullopt;
  if (flag) {
    if (written) {
      notes.push_back("thresholds " + flag->value + " from " + flag->origin + " instead of " +
                      path.value_or("those in the file") + " (" + written->place.text() + ")");
    }
    return load_thresholds_named_by(flag_value(flag->value, flag->origin), flag->value, mistakes);
  }
  if (!written) return default_thresholds();
  if (!names_file) return inline_rules;
  const auto filled = path ? filled_in(*path, written->place, reading) : std::nullopt;
  if (!filled) return std::nullopt;
  return load_thresholds_named_by(*written, beside(config_file, filled->text), mistakes);
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
  const std::optional<Value> written = draft.thresholds;
  settings.plan = overridden(std::move(draft), overrides, reading, settings.notes);
  auto thresholds =
      choose_thresholds(written, settings.config_file, find_override(overrides, "thresholds"), reading, settings.notes);
  // Compared with a plan that was read in part, correct rules would look wrong.
  if (thresholds && mistakes.empty()) check_thresholds(*thresholds, settings.plan, mistakes);
  mistakes.throw_if_any();
  settings.thresholds = std::move(*thresholds);
  return settings;
}

Thresholds read_thresholds(const std::string& file, const Environment&) {
  Mistakes mistakes;
  auto thresholds = load_thresholds(file, mistakes);
  mistakes.throw_if_any();
  return std::move(*thresholds);
}

bool is_thresholds_file(const std::string& file) {
  Mistakes mistakes;
  std::optional<Value> document;
  try {
    document = parse_yaml(read_file(file, max_yaml_bytes), file, mistakes);
  } catch (const Error&) {
    return false;  // whoever reads it next says why
  }
  if (!document) return false;
  const auto has = [&](const std::vector<std::string>& keys) {
    return std::any_of(document->entries.begin(), document->entries.end(), [&](const Entry& entry) {
      return std::find(keys.begin(), keys.end(), entry.key) != keys.end();
    });
  };
  return has({"regression", "limits", "endpoints"}) && !has(plan_keys());
}

}  // namespace burstgate::config

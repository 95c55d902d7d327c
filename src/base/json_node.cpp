#include "base/json_node.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "base/text.hpp"

namespace burstgate {

namespace {

constexpr std::size_t longest_shown = 60;

std::string shown(const nlohmann::ordered_json& json) {
  if (json.is_object()) return "an object";
  if (json.is_array()) return "an array";
  if (json.is_number_float() && !std::isfinite(json.get<double>())) return fmt::format("{}", json.get<double>());
  return elided(json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace), longest_shown);
}

bool is_plain(std::string_view key) {
  return !key.empty() && std::all_of(key.begin(), key.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}

std::string in_brackets(std::string_view key) {
  return fmt::format("[\"{}\"]", elided(key, longest_shown));
}

}  // namespace

JsonNode JsonNode::at(std::string_view key) const& {
  if (auto node = find(key)) return *node;
  fail(fmt::format("the key '{}' is missing", key));
}

std::optional<JsonNode> JsonNode::find(std::string_view key) const& {
  if (!json_->is_object()) fail_expecting("an object");
  const auto found = json_->find(key);
  if (found == json_->end()) return std::nullopt;
  return JsonNode(*found, *this, found.key(), no_index);
}

std::vector<JsonNode> JsonNode::elements() const& {
  if (!json_->is_array()) fail_expecting("an array");
  std::vector<JsonNode> nodes;
  nodes.reserve(json_->size());
  for (const auto& element : *json_) nodes.push_back(JsonNode(element, *this, {}, nodes.size()));
  return nodes;
}

std::vector<JsonNode> JsonNode::members() const& {
  if (!json_->is_object()) fail_expecting("an object");
  std::vector<JsonNode> nodes;
  nodes.reserve(json_->size());
  for (const auto& [key, value] : json_->get_ref<const Json::object_t&>()) {
    nodes.push_back(JsonNode(value, *this, key, no_index));
  }
  return nodes;
}

std::string JsonNode::text() const {
  if (!json_->is_string()) fail_expecting("a string");
  return json_->get<std::string>();
}

bool JsonNode::boolean() const {
  if (!json_->is_boolean()) fail_expecting("true or false");
  return json_->get<bool>();
}

double JsonNode::number(double least, double most) const {
  if (!json_->is_number()) fail_expecting("a number");
  const double value = json_->get<double>();
  if (!std::isfinite(value)) fail_expecting("a finite number");
  if (value >= least && value <= most && !(value == 0 && std::signbit(value))) return value;
  if (most == no_limit) fail_expecting(fmt::format("a number, at least {:g}", least));
  fail_expecting(fmt::format("a number from {:g} to {:g}", least, most));
}

std::uint64_t JsonNode::count(std::uint64_t most) const {
  // The parser makes unsigned whatever was written as a whole number without a sign; code may hand in either kind.
  const bool whole = json_->is_number_unsigned() || (json_->is_number_integer() && json_->get<std::int64_t>() >= 0);
  if (!whole || json_->get<std::uint64_t>() > most) fail_expecting(fmt::format("a whole number from 0 to {}", most));
  return json_->get<std::uint64_t>();
}

std::string JsonNode::path() const {
  if (parent_ == nullptr) return std::string(key_);
  const std::string before = parent_->path();
  if (index_ == no_index) return before + (is_plain(key_) ? fmt::format(".{}", key_) : in_brackets(key_));
  // An array of named things reads better by name.
  if (json_->is_object()) {
    const auto name = json_->find("name");
    if (name != json_->end() && name->is_string()) return before + in_brackets(name->get_ref<const std::string&>());
  }
  return fmt::format("{}[{}]", before, index_);
}

void JsonNode::fail_expecting(std::string_view expected, const char* code) const {
  fail(fmt::format("expected {}, got {}", expected, shown(*json_)), code);
}

void JsonNode::fail(std::string_view what, const char* code, std::string hint) const {
  throw Error(Trouble::usage,
              {code, std::string(source_), fmt::format("{}: {}", path(), what), std::move(hint), {}, 0});
}

}  // namespace burstgate

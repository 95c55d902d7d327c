// Taking checked values out of parsed JSON: every mistake names the file, the JSON path and the value that was found,
//
//   perf/baseline.json: error[E-520]: $.runs[2].endpoints["GET /"].latency_ms.p99: expected a number, got "12"
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace burstgate {

// One value and the way to it. The way is a chain of nodes, spelled out only in an error; so a node must outlive the
// ones made from it, and they can only be made from named ones.
class JsonNode {
 public:
  using Json = nlohmann::ordered_json;
  static constexpr std::uint64_t largest_count = std::uint64_t{1} << 53;  // exact in every JSON reader
  static constexpr double no_limit = 1.7976931348623157e308;

  // The root: `source` names the file, `path` the place of this value in it.
  JsonNode(const Json& json, std::string_view source, std::string_view path)
      : json_(&json), source_(source), key_(path) {}

  const Json& json() const { return *json_; }
  bool is_null() const { return json_->is_null(); }

  JsonNode at(std::string_view key) const&;                   // error when missing
  std::optional<JsonNode> find(std::string_view key) const&;  // nothing when missing
  std::vector<JsonNode> elements() const&;                    // of an array
  std::vector<JsonNode> members() const&;                     // of an object, in the file's order
  JsonNode at(std::string_view key) const&& = delete;
  std::optional<JsonNode> find(std::string_view key) const&& = delete;
  std::vector<JsonNode> elements() const&& = delete;
  std::vector<JsonNode> members() const&& = delete;

  std::string_view key() const { return key_; }  // of a member

  std::string text() const;
  bool boolean() const;
  double number(double least = 0, double most = no_limit) const;  // finite and not -0
  std::uint64_t count(std::uint64_t most = largest_count) const;

  std::string path() const;
  // Error (Trouble::usage) "<source>: error[<code>]: <path>: expected <expected>, got <this value>".
  [[noreturn]] void fail_expecting(std::string_view expected, const char* code = "E-520") const;
  // The same with a sentence of the caller's.
  [[noreturn]] void fail(std::string_view what, const char* code = "E-520", std::string hint = {}) const;

 private:
  JsonNode(const Json& json, const JsonNode& parent, std::string_view key, std::size_t index)
      : json_(&json), parent_(&parent), source_(parent.source_), key_(key), index_(index) {}

  static constexpr std::size_t no_index = SIZE_MAX;

  const Json* json_;
  const JsonNode* parent_ = nullptr;
  std::string_view source_;
  std::string_view key_;          // or the root's path
  std::size_t index_ = no_index;  // in an array
};

}  // namespace burstgate

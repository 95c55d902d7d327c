// From yaml-cpp's events, as yaml_document.cpp and for the same reason: a document that explodes through its aliases is
// noticed while it grows.
#include "config/foreign_yaml.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <map>
#include <sstream>
#include <vector>

namespace burstgate::config {

namespace {

using Json = nlohmann::ordered_json;

struct OutOfBounds {};

std::size_t nodes_in(const Json& json) {
  std::size_t nodes = 1;
  if (json.is_structured()) {
    for (const auto& item : json) nodes += nodes_in(item);
  }
  return nodes;
}

class JsonBuilder : public YAML::EventHandler {
 public:
  Json root;

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark&, YAML::anchor_t anchor) override { add(nullptr, anchor); }
  void OnScalar(const YAML::Mark&, const std::string&, YAML::anchor_t anchor, const std::string& text) override {
    add(text, anchor);
  }
  void OnAlias(const YAML::Mark&, YAML::anchor_t anchor) override {
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end()) return add(nullptr, 0);  // inside of what it stands for
    count(found->second.nodes);
    add(found->second.value, 0);
  }

  void OnSequenceStart(const YAML::Mark&, const std::string&, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(Json::array(), anchor);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark&, const std::string&, YAML::anchor_t anchor, YAML::EmitterStyle::value) override {
    open(Json::object(), anchor);
  }
  void OnMapEnd() override { close(); }

 private:
  struct Open {
    Json value;
    YAML::anchor_t anchor = 0;
    std::optional<std::string> key{};            // of a mapping: the key whose value comes next
    std::map<std::string, std::size_t> index{};  // of its keys: a search from the front would take too long
    std::vector<Json> merged{};                  // behind "<<"
  };
  struct Anchored {
    Json value;
    std::size_t nodes = 0;
  };

  void count(std::size_t nodes) {
    nodes_ += nodes;
    if (nodes_ > max_foreign_yaml_nodes) throw OutOfBounds{};
  }

  void open(Json value, YAML::anchor_t anchor) {
    if (stack_.size() == max_foreign_yaml_depth) throw OutOfBounds{};
    stack_.push_back({std::move(value), anchor});
  }

  void close() {
    Open done = std::move(stack_.back());
    stack_.pop_back();
    for (const Json& more : done.merged) merge(done, more);
    add(std::move(done.value), done.anchor);
  }

  // "<<": what the mapping does not say itself.
  void merge(Open& mapping, const Json& more) {
    if (more.is_array()) {
      for (const Json& item : more) merge(mapping, item);
    } else if (more.is_object()) {
      for (const auto& [key, value] : more.items()) {
        if (mapping.index.count(key) == 0) put(mapping, key, value);
      }
    }
  }

  static void put(Open& mapping, const std::string& key, Json value) {
    auto& members = mapping.value.get_ref<Json::object_t&>();
    const auto [found, fresh] = mapping.index.emplace(key, members.size());
    if (fresh) {
      members.emplace_back(key, std::move(value));
    } else {
      (members.begin() + static_cast<std::ptrdiff_t>(found->second))->second = std::move(value);
    }
  }

  void add(Json value, YAML::anchor_t anchor) {
    count(1);
    if (anchor != 0) anchors_[anchor] = {value, nodes_in(value)};
    if (stack_.empty()) {
      root = std::move(value);
      return;
    }
    Open& parent = stack_.back();
    if (parent.value.is_array()) {
      parent.value.push_back(std::move(value));
    } else if (!parent.key) {
      parent.key = value.is_string() ? value.get<std::string>() : "";
    } else {
      if (*parent.key == "<<") {
        parent.merged.push_back(std::move(value));
      } else {
        put(parent, *parent.key, std::move(value));
      }
      parent.key.reset();
    }
  }

  std::vector<Open> stack_;
  std::map<YAML::anchor_t, Anchored> anchors_;
  std::size_t nodes_ = 0;
};

}  // namespace

std::optional<nlohmann::ordered_json> parse_foreign_yaml(const std::string& text) {
  if (text.size() > max_foreign_yaml_bytes) return std::nullopt;
  JsonBuilder builder;
  try {
    std::istringstream stream(text);
    YAML::Parser parser(stream);
    if (!parser.HandleNextDocument(builder)) return std::nullopt;
  } catch (const OutOfBounds&) {
    return std::nullopt;
  } catch (const YAML::Exception&) {
    return std::nullopt;
  }
  return std::move(builder.root);
}

}  // namespace burstgate::config

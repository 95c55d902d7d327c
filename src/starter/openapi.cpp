// An OpenAPI document (3.x) or a Swagger one (2.0): the requests that can be sent as they stand, and change nothing. A
// parameter that must be there gets the value that the document itself gives: example, default, or the first of enum.
#include <algorithm>
#include <set>
#include <string_view>

#include "base/error.hpp"
#include "base/json_text.hpp"
#include "config/foreign_yaml.hpp"
#include "starter/look.hpp"

namespace burstgate::starter {

namespace {

using Json = nlohmann::ordered_json;

constexpr int max_references = 8;             // that are followed one after the other
constexpr int max_references_in_all = 2'000;  // each is a search
constexpr std::size_t max_path_bytes = 2000;
constexpr std::size_t max_name_bytes = 60;

const Json nothing;

const Json& member(const Json& json, const std::string& key) {
  return json.is_object() && json.contains(key) ? json.at(key) : nothing;
}

// A scalar as it would stand in a URL; nothing for what is none.
std::optional<std::string> scalar(const Json& json) {
  if (json.is_string()) return json.get<std::string>();
  if (json.is_number() || json.is_boolean()) return json.dump();
  return std::nullopt;
}

bool is_true(const Json& json) {
  return scalar(json) == "true";
}

std::string text(const Json& json) {
  return scalar(json).value_or("");
}

std::string percent_encoded(std::string_view part, std::string_view also_kept) {
  constexpr const char* digits = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : part) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       std::string_view("-._~").find(c) != std::string_view::npos ||
                       also_kept.find(c) != std::string_view::npos;
    const auto byte = static_cast<unsigned char>(c);
    encoded += plain ? std::string(1, c) : std::string{'%', digits[byte >> 4], digits[byte & 15]};
  }
  return encoded;
}

class Reader {
 public:
  Reader(const Json& document, std::string file) : document_(document) { api_.file = std::move(file); }

  Api read() {
    const std::string prefix = base_path();
    for (const auto& [path, item] : member(document_, "paths").items()) {
      for (const char* method : {"put", "post", "delete", "patch"}) {
        if (resolved(item).is_object() && resolved(item).contains(method)) ++api_.unsafe;
      }
      if (member(resolved(item), "get").is_object()) read_get(prefix, path, resolved(item));
    }
    return std::move(api_);
  }

 private:
  // "#/components/parameters/Id": only inside of the document.
  const Json& resolved(const Json& json, int followed = 0) const {
    const Json& reference = member(json, "$ref");
    if (!reference.is_string()) return json;
    const std::string target = reference.get<std::string>();
    if (followed == max_references || !target.starts_with("#/")) return nothing;
    if (++references_ > max_references_in_all) return nothing;
    try {
      const Json::json_pointer pointer(target.substr(1));
      return document_.contains(pointer) ? resolved(document_.at(pointer), followed + 1) : nothing;
    } catch (const Json::exception&) {
      return nothing;
    }
  }

  // The path of the first server, without a slash at its end.
  std::string base_path() const {
    std::string url = text(member(document_, "basePath"));
    const Json& servers = member(document_, "servers");
    if (servers.is_array() && !servers.empty()) {
      url = with_variables(text(member(servers.front(), "url")), member(servers.front(), "variables"));
      const auto scheme = url.find("://");
      if (scheme != std::string::npos) {
        const auto path = url.find('/', scheme + 3);
        url = path == std::string::npos ? "" : url.substr(path);
      }
    }
    while (url.ends_with('/')) url.pop_back();
    return url.empty() || url.starts_with('/') ? url : "/" + url;
  }

  static std::string with_variables(std::string url, const Json& variables) {
    if (!variables.is_object()) return url;
    for (const auto& [name, variable] : variables.items()) {
      const std::string mark = "{" + name + "}";
      const auto at = url.find(mark);
      if (at != std::string::npos) url.replace(at, mark.size(), text(member(variable, "default")));
    }
    return url;
  }

  void read_get(const std::string& prefix, const std::string& path, const Json& item) {
    const Json& operation = member(item, "get");
    std::string target = prefix + path;
    const std::string reason = reason_against(operation, item, target);
    if (!reason.empty()) {
      api_.left_out.push_back("GET " + path + ": " + reason);
    } else if (api_.steps.size() == max_steps) {
      ++api_.beyond;
    } else {
      api_.steps.push_back({target, name_of(operation)});
    }
  }

  // Why it is not proposed, or "" once `target` can be sent.
  std::string reason_against(const Json& operation, const Json& item, std::string& target) const {
    if (is_true(member(operation, "deprecated"))) return "deprecated";
    if (needs_credentials(operation)) return "needs credentials";
    if (!answers_2xx(member(operation, "responses"))) return "answers no 2xx";
    std::string query;
    for (const Json* parameters : {&member(operation, "parameters"), &member(item, "parameters")}) {
      if (!parameters->is_array()) continue;
      for (const Json& parameter : *parameters) {
        const std::string reason = fill_in(resolved(parameter), target, query);
        if (!reason.empty()) return reason;
      }
    }
    if (target.find('{') != std::string::npos) return "a parameter of its path is not described";
    target = percent_encoded(target, "/%:@!$&()*+,;=") + query;  // no quotes: it also gets into a shell's
    return target.size() > max_path_bytes ? "a path of more than 2000 bytes" : "";
  }

  static std::string fill_in(const Json& parameter, std::string& target, std::string& query) {
    const std::string name = text(member(parameter, "name"));
    const std::string place = text(member(parameter, "in"));
    const std::string mark = "{" + name + "}";
    const auto at = place == "path" ? target.find(mark) : std::string::npos;
    const bool asked_already = place == "query" && query.find(percent_encoded(name, "") + "=") != std::string::npos;
    const bool needed = at != std::string::npos || (place != "path" && is_true(member(parameter, "required")));
    if (!needed || asked_already) return "";
    if (place != "path" && place != "query") return "needs the " + place + " '" + name + "'";
    const auto value = value_for(parameter);
    if (!value || value->empty()) return "no example for '" + name + "'";
    const std::string encoded = percent_encoded(*value, "");
    if (at != std::string::npos) {
      target.replace(at, mark.size(), encoded);
    } else {
      query += (query.empty() ? "?" : "&") + percent_encoded(name, "") + "=" + encoded;
    }
    return "";
  }

  static std::optional<std::string> value_for(const Json& parameter) {
    const Json& schema = member(parameter, "schema");
    for (const Json* from : {&parameter, &schema}) {
      for (const char* key : {"example", "x-example", "default"}) {
        if (auto value = scalar(member(*from, key))) return value;
      }
      const Json& examples = member(*from, "examples");
      for (const auto& example : examples) {
        if (auto value = scalar(example.is_object() ? member(example, "value") : example)) return value;
      }
      const Json& choices = member(*from, "enum");
      if (choices.is_array() && !choices.empty()) return scalar(choices.front());
    }
    return std::nullopt;
  }

  bool needs_credentials(const Json& operation) const {
    const Json& own = member(operation, "security");
    const Json& schemes = own.is_array() ? own : member(document_, "security");
    if (!schemes.is_array() || schemes.empty()) return false;
    return std::none_of(schemes.begin(), schemes.end(), [](const Json& scheme) { return scheme.empty(); });
  }

  static bool answers_2xx(const Json& responses) {
    if (!responses.is_object() || responses.empty()) return true;
    return std::any_of(responses.items().begin(), responses.items().end(), [](const auto& response) {
      return response.key().starts_with("2") || response.key() == "default";
    });
  }

  std::string name_of(const Json& operation) {
    const std::string id = text(member(operation, "operationId"));
    const auto plain = [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
             c == '.';
    };
    const bool good = !id.empty() && id.size() <= max_name_bytes && std::all_of(id.begin(), id.end(), plain);
    return good && names_.insert(id).second ? id : "";
  }

  const Json& document_;
  mutable int references_ = 0;
  Api api_;
  std::set<std::string> names_;
};

std::optional<Json> parse(Repository& repository, const std::string& file, const std::string& text) {
  if (!file.ends_with(".json")) return config::parse_foreign_yaml(text);
  try {
    return parse_json(text, file);
  } catch (const Error& error) {
    repository.remark(file + " is not read: " + error.problems().front().what);
    return std::nullopt;
  }
}

bool is_api(const Json& document) {
  return text(member(document, "openapi")).starts_with("3.") || text(member(document, "swagger")).starts_with("2.");
}

}  // namespace

std::optional<Api> look_at_openapi(Repository& repository) {
  for (const char* folder : {"", "api/", "docs/", "spec/", "openapi/"}) {
    for (const char* name :
         {"openapi.yaml", "openapi.yml", "openapi.json", "swagger.yaml", "swagger.yml", "swagger.json"}) {
      const std::string file = std::string(folder) + name;
      const auto content = repository.read(file);
      if (!content) continue;
      const auto document = parse(repository, file, *content);
      if (document && is_api(*document)) return Reader(*document, file).read();
      repository.remark(file + " is not used: no OpenAPI 3 or Swagger 2 document");
    }
  }
  return std::nullopt;
}

}  // namespace burstgate::starter

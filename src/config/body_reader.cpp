#include "config/body_reader.hpp"

#include <fmt/format.h>

#include "base/encodings.hpp"
#include "base/text.hpp"
#include "config/http_words.hpp"
#include "config/json_body.hpp"
#include "config/named_file.hpp"

namespace burstgate::config {

namespace {

constexpr const char* any_bytes = "application/octet-stream";

// A file stands in the digest of a workload by its own.
Secretive as_body(const NamedFile& file) {
  return {file.content, "file sha256:" + sha256(file.content)};
}

// ---- form: a=1&b=two+words ----

std::optional<BodyDraft> read_form(const Value& value, const Reading& reading) {
  BodyDraft draft{{}, "application/x-www-form-urlencoded"};
  bool good = true;
  const auto read = [&](const Entry& entry) {
    const auto text = read_text(entry.value, entry.key, reading.mistakes);
    const auto filled = text ? templated(*text, entry.value.place, reading, Encoding::form) : std::nullopt;
    good = good && filled;
    if (!filled) return;
    std::string name = draft.body.text.empty() && draft.body.placeholders.empty() ? "" : "&";
    append_form_encoded(name, entry.key);
    append(draft.body, name + "=");
    append(draft.body, *filled, append_form_encoded);
  };
  read_entries(value, "form", read, reading.mistakes);
  return good && value.kind == Value::Kind::mapping ? std::optional(std::move(draft)) : std::nullopt;
}

// ---- multipart (RFC 7578) ----

struct Part {
  Secretive content;
  std::string file_name;  // empty: a field
  std::string type;       // empty: none
};

std::optional<std::string> read_part_word(const Entry& entry, const Reading& reading) {
  const auto word = read_line(entry.value, entry.key, reading.mistakes);
  const auto trouble = word ? header_value_trouble(*word) : std::nullopt;
  if (trouble) reading.mistakes.add("E-119", entry.value.place, fmt::format("{}: {}", entry.key, *trouble));
  return trouble ? std::nullopt : word;
}

std::optional<Part> read_file_part(const Value& value, const Reading& reading) {
  Part part;
  part.type = any_bytes;
  std::optional<NamedFile> file;
  bool named = false;
  const auto read_path = [&](const Entry& entry) {
    named = true;
    file = read_named_file(entry.value, "file", max_body_file_bytes, reading);
  };
  const auto read_type = [&](const Entry& entry) { part.type = read_part_word(entry, reading).value_or(any_bytes); };
  const auto read_name = [&](const Entry& entry) { part.file_name = read_part_word(entry, reading).value_or("file"); };
  read_mapping(value, "a part", {{"file", read_path}, {"type", read_type}, {"filename", read_name}}, reading.mistakes);
  if (!named)
    reading.mistakes.add("E-107", value.place, "a part without a file", "write file: path, or the text itself");
  if (!file) return std::nullopt;
  part.content = as_body(*file);
  if (part.file_name.empty()) part.file_name = file->path.substr(file->path.rfind('/') + 1);
  return part;
}

std::optional<Part> read_part(const Entry& entry, const Reading& reading) {
  if (entry.value.kind == Value::Kind::mapping && !entry.value.entries.empty() &&
      entry.value.entries.front().value.kind != Value::Kind::null) {
    return read_file_part(entry.value, reading);
  }
  const auto text = read_text(entry.value, entry.key, reading.mistakes);
  auto filled = text ? templated(*text, entry.value.place, reading, Encoding::verbatim) : std::nullopt;
  return filled ? std::optional(Part{std::move(*filled), "", ""}) : std::nullopt;
}

// As browsers write names: what would end the quotes or the line as %XX.
std::string quoted_name(std::string_view name) {
  std::string quoted = "\"";
  for (const char c : name) {
    if (c == '"' || c == '\r' || c == '\n') {
      quoted += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    } else {
      quoted += c;
    }
  }
  return quoted + '"';
}

void append_part(Secretive& body, const std::string& boundary, const std::string& name, const Part& part) {
  std::string head = fmt::format("--{}\r\nContent-Disposition: form-data; name={}", boundary, quoted_name(name));
  if (!part.file_name.empty()) head += "; filename=" + quoted_name(part.file_name);
  if (!part.type.empty()) head += "\r\nContent-Type: " + part.type;
  append(body, head + "\r\n\r\n");
  // What is shown of a file is its digest: only a field's text may be shown as it stands.
  body.shown += part.content.shown;
  Secretive content = part.content;
  content.shown.clear();
  append(body, content);
  append(body, "\r\n");
}

std::optional<BodyDraft> read_multipart(const Value& value, const Reading& reading) {
  std::vector<std::pair<std::string, Part>> parts;
  bool good = true;
  std::string everything;
  const auto read = [&](const Entry& entry) {
    auto part = read_part(entry, reading);
    good = good && part;
    if (!part) return;
    everything += entry.key + part->content.text + part->content.shown;
    parts.emplace_back(entry.key, std::move(*part));
  };
  read_entries(value, "multipart", read, reading.mistakes);
  if (!good || value.kind != Value::Kind::mapping) return std::nullopt;
  // The same for the same parts, and in none of them.
  const std::string boundary = "burstgate-" + sha256(everything).substr(0, 32);
  BodyDraft draft{{}, "multipart/form-data; boundary=" + boundary};
  for (const auto& [name, part] : parts) append_part(draft.body, boundary, name, part);
  append(draft.body, fmt::format("--{}--\r\n", boundary));
  return draft;
}

std::optional<BodyDraft> with_type(std::optional<Secretive> body, const char* type) {
  return body ? std::optional(BodyDraft{std::move(*body), type}) : std::nullopt;
}

std::optional<Secretive> read_plain(const Value& value, const Reading& reading) {
  const auto text = read_text(value, "body", reading.mistakes);
  return text ? templated(*text, value.place, reading, Encoding::verbatim) : std::nullopt;
}

}  // namespace

const std::vector<std::string>& body_keys() {
  static const std::vector<std::string> keys = {"json", "body", "form", "multipart", "body_file"};
  return keys;
}

std::optional<BodyDraft> read_body(const Entry& entry, const Reading& reading) {
  if (entry.key == "json") return with_type(json_body(entry.value, reading), "application/json");
  if (entry.key == "body") return with_type(read_plain(entry.value, reading), "");
  if (entry.key == "form") return read_form(entry.value, reading);
  if (entry.key == "multipart") return read_multipart(entry.value, reading);
  const auto file = read_named_file(entry.value, "body_file", max_body_file_bytes, reading);
  return with_type(file ? std::optional(as_body(*file)) : std::nullopt, any_bytes);
}

}  // namespace burstgate::config

#include "config/json_body.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "config/fields.hpp"

namespace burstgate::config {

namespace {

using Json = nlohmann::ordered_json;

// The text as a JSON string.
std::string json_string(std::string_view text) {
  return Json(text).dump();
}

void append_escaped(std::string& out, std::string_view text) {
  const std::string string = json_string(text);
  out.append(string, 1, string.size() - 2);
}

// A number, true or false as it stands in a file, or nothing: reported.
std::optional<std::string> plain_json(const Value& value, PlainMeaning meaning, Mistakes& mistakes) {
  if (meaning == PlainMeaning::boolean) return value.text;
  if (meaning == PlainMeaning::number) {
    const Json number = Json::parse(value.text, nullptr, false);
    if (!number.is_discarded()) return number.dump();
    mistakes.add("E-105", value.place, fmt::format("the number {} is too large", elided(value.text, 60)));
    return std::nullopt;
  }
  mistakes.add("E-120", value.place,
               fmt::format("{} means different things to different readers of YAML", described(value)),
               fmt::format("write true, false or a decimal number, or put it in quotes: \"{}\"", value.text));
  return std::nullopt;
}

PlainMeaning meaning_of(const Value& value) {
  return value.quoted ? PlainMeaning::text : plain_meaning(value.text);
}

// Writes one value after the other; what was refused leaves `good` false.
class Writer {
 public:
  explicit Writer(const Reading& reading) : reading_(reading) {}

  void write(const Value& value);

  Secretive body;
  bool good = true;

 private:
  void write_scalar(const Value& value);
  void write_text(const Value& value);

  const Reading& reading_;
};

void Writer::write(const Value& value) {
  switch (value.kind) {
    case Value::Kind::null:
      return append(body, "null");
    case Value::Kind::refused:
      good = false;
      return;
    case Value::Kind::scalar:
      return write_scalar(value);
    case Value::Kind::sequence:
      append(body, "[");
      for (const Value& item : value.items) {
        if (&item != &value.items.front()) append(body, ",");
        write(item);
      }
      return append(body, "]");
    case Value::Kind::mapping:
      append(body, "{");
      for (const Entry& entry : value.entries) {
        if (&entry != &value.entries.front()) append(body, ",");
        append(body, json_string(entry.key) + ":");
        write(entry.value);
      }
      return append(body, "}");
  }
}

void Writer::write_scalar(const Value& value) {
  const PlainMeaning meaning = meaning_of(value);
  if (meaning == PlainMeaning::text) return write_text(value);
  const auto plain = plain_json(value, meaning, reading_.mistakes);
  good = good && plain;
  append(body, plain.value_or(""));
}

void Writer::write_text(const Value& value) {
  const auto filled = templated(value.text, value.place, reading_, Encoding::json_text);
  good = good && filled;
  if (!filled) return;
  const auto whole = std::find_if(filled->placeholders.begin(), filled->placeholders.end(),
                                  [](const Placeholder& p) { return p.encoding == Encoding::json_value; });
  if (whole == filled->placeholders.end()) {
    append(body, "\"");
    append(body, *filled, append_escaped);
    append(body, "\"");
  } else if (filled->placeholders.size() == 1 && filled->text.empty()) {
    append(body, *filled, append_escaped);
  } else {
    reading_.mistakes.add("E-131", value.place, fmt::format("'{{{}:json}}' beside other text", whole->name),
                          "it is a whole value; inside a text write it without ':json'");
    good = false;
  }
}

}  // namespace

std::optional<Secretive> json_body(const Value& value, const Reading& reading) {
  Writer writer(reading);
  try {
    writer.write(value);
  } catch (const Json::type_error&) {  // the file is valid UTF-8, so this came from the environment
    reading.mistakes.add("E-109", value.place, "an environment variable in this value is not valid UTF-8");
    return std::nullopt;
  }
  return writer.good ? std::optional(std::move(writer.body)) : std::nullopt;
}

std::optional<std::string> json_scalar(const Value& value, std::string_view what, Mistakes& mistakes) {
  if (value.kind == Value::Kind::null) return "null";
  if (value.kind != Value::Kind::scalar) {
    if (value.kind != Value::Kind::refused) {
      mistakes.add("E-102", value.place,
                   fmt::format("{}: expected true, false, null, a number or a text, got {}", what, described(value)));
    }
    return std::nullopt;
  }
  const PlainMeaning meaning = meaning_of(value);
  if (meaning == PlainMeaning::text) return json_string(value.text);
  return plain_json(value, meaning, mistakes);
}

}  // namespace burstgate::config

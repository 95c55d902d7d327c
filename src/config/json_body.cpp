#include "config/json_body.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "config/fields.hpp"

namespace burstgate::config {

namespace {

using Json = nlohmann::ordered_json;

// The same value twice: as sent, and as shown.
struct Pair {
  Json sent;
  Json shown;
  bool good = true;
};

Pair convert(const Value& value, const Reading& reading);

Pair convert_text(const Value& value, const Reading& reading) {
  const auto filled = filled_in(value.text, value.place, reading);
  if (!filled) return {nullptr, nullptr, false};
  return {filled->text, filled->shown};
}

Pair convert_scalar(const Value& value, const Reading& reading) {
  const PlainMeaning meaning = value.quoted ? PlainMeaning::text : plain_meaning(value.text);
  switch (meaning) {
    case PlainMeaning::text:
      return convert_text(value, reading);
    case PlainMeaning::boolean:
      return {value.text == "true", value.text == "true"};
    case PlainMeaning::number: {
      const Json number = Json::parse(value.text, nullptr, false);
      if (!number.is_discarded()) return {number, number};
      reading.mistakes.add("E-105", value.place, fmt::format("the number {} is too large", elided(value.text, 60)));
      return {nullptr, nullptr, false};
    }
    case PlainMeaning::ambiguous:
      break;
  }
  reading.mistakes.add("E-120", value.place,
                       fmt::format("{} means different things to different readers of YAML", described(value)),
                       fmt::format("write true, false or a decimal number, or put it in quotes: \"{}\"", value.text));
  return {nullptr, nullptr, false};
}

Pair convert(const Value& value, const Reading& reading) {
  Pair result;
  switch (value.kind) {
    case Value::Kind::null:
      return {nullptr, nullptr};
    case Value::Kind::refused:
      return {nullptr, nullptr, false};
    case Value::Kind::scalar:
      return convert_scalar(value, reading);
    case Value::Kind::sequence:
      result.sent = result.shown = Json::array();
      for (const Value& item : value.items) {
        Pair converted = convert(item, reading);
        result.good = result.good && converted.good;
        result.sent.push_back(std::move(converted.sent));
        result.shown.push_back(std::move(converted.shown));
      }
      return result;
    case Value::Kind::mapping:
      result.sent = result.shown = Json::object();
      for (const Entry& entry : value.entries) {
        Pair converted = convert(entry.value, reading);
        result.good = result.good && converted.good;
        result.sent[entry.key] = std::move(converted.sent);
        result.shown[entry.key] = std::move(converted.shown);
      }
      return result;
  }
  return result;
}

}  // namespace

std::optional<Secretive> json_body(const Value& value, const Reading& reading) {
  const Pair pair = convert(value, reading);
  if (!pair.good) return std::nullopt;
  try {
    return Secretive{pair.sent.dump(), pair.shown.dump()};
  } catch (const Json::type_error&) {  // the file is valid UTF-8, so this came from the environment
    reading.mistakes.add("E-109", value.place, "an environment variable in this value is not valid UTF-8");
    return std::nullopt;
  }
}

}  // namespace burstgate::config

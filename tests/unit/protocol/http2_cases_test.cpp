// What a service may send, in tests/cases/http2, each fed whole, in two pieces at every cut, and byte by byte: the same
// exchanges end in the same way. An answer is one to the client's first request, on stream 1; further requests follow
// it.
#include <doctest/doctest.h>

#include <deque>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "protocol/http2.hpp"
#include "support/http2_frames.hpp"

namespace {

using namespace burstgate::protocol;
using namespace burstgate::test;
using nlohmann::json;

constexpr std::size_t all_cuts_up_to_bytes = 600;  // larger inputs are cut at some places only
constexpr std::size_t bytewise_up_to_bytes = 20'000;

std::uint8_t type_of(const std::string& name) {
  static const std::map<std::string, std::uint8_t> types = {{"DATA", frame::data},
                                                            {"HEADERS", frame::headers},
                                                            {"PRIORITY", frame::priority},
                                                            {"RST_STREAM", frame::rst_stream},
                                                            {"SETTINGS", frame::settings},
                                                            {"PUSH_PROMISE", frame::push_promise},
                                                            {"PING", frame::ping},
                                                            {"GOAWAY", frame::goaway},
                                                            {"WINDOW_UPDATE", frame::window_update},
                                                            {"CONTINUATION", frame::continuation},
                                                            {"UNKNOWN", 0xbe}};
  return types.at(name);
}

std::uint8_t flags_of(const json& names) {
  static const std::map<std::string, std::uint8_t> known = {{"END_STREAM", frame::end_stream},
                                                            {"ACK", frame::ack},
                                                            {"END_HEADERS", frame::end_headers},
                                                            {"PADDED", frame::padded},
                                                            {"UNKNOWN", 0x40}};
  std::uint8_t flags = 0;
  for (const json& name : names) flags = static_cast<std::uint8_t>(flags | known.at(name));
  return flags;
}

std::string bytes_of_hex(const std::string& hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
    bytes += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
  return bytes;
}

std::string payload_of(const json& frame) {
  if (frame.contains("hex")) return bytes_of_hex(frame.at("hex"));
  if (frame.contains("text")) return frame.at("text");
  if (frame.contains("zeros")) return std::string(frame.at("zeros").get<std::size_t>(), '\0');
  std::vector<std::pair<std::string, std::string>> fields;
  for (const json& field : frame.value("fields", json::array())) {
    const std::size_t times = field.size() > 2 ? field.at(2).get<std::size_t>() : 1;
    for (std::size_t i = 0; i < times; ++i) fields.emplace_back(field.at(0), field.at(1));
  }
  return http2_fields(fields);
}

std::string bytes_of(const json& frame) {
  if (frame.contains("raw")) return frame.at("raw");
  std::string once = http2_frame(type_of(frame.at("frame")), flags_of(frame.value("flags", json::array())),
                                 frame.value("stream", 0u), payload_of(frame));
  if (frame.contains("says_length")) once.replace(0, 3, big_endian(frame.at("says_length"), 3));
  std::string all;
  for (std::size_t i = frame.value("times", std::size_t{1}); i > 0; --i) all += once;
  return all;
}

std::string name(Http2End end) {
  switch (end) {
    case Http2End::none:
      return "none";
    case Http2End::complete:
      return "complete";
    case Http2End::unprocessed:
      return "unprocessed";
    case Http2End::reset:
      return "reset";
    case Http2End::closed:
      return "closed";
    case Http2End::protocol:
      return "protocol";
    case Http2End::too_large:
      return "too_large";
  }
  return "?";
}

// What became of it all, in words that can be compared.
json play(const json& example, const std::string& bytes, const std::vector<std::size_t>& cuts) {
  const std::vector<Field> fields = {{":method", "GET"}, {":scheme", "http"}, {":authority", "h"}, {":path", "/"}};
  ResponseLimits limits;
  limits.body_bytes = example.value("body_limit", limits.body_bytes);
  Http2Session session(limits);
  std::string output;
  if (example.value("settings_first", true)) session.feed(http2_frame(frame::settings, 0, 0, ""));
  std::deque<Http2Exchange> exchanges(example.value("requests", std::size_t{1}));
  for (Http2Exchange& exchange : exchanges) REQUIRE(session.submit(exchange, fields, true, ""));
  session.take_output(output, 1u << 20);
  std::size_t from = 0;
  for (std::size_t i = 0; i <= cuts.size() && !session.is_broken(); ++i) {
    const std::size_t to = i < cuts.size() ? cuts[i] : bytes.size();
    session.feed(std::string_view(bytes).substr(from, to - from));
    session.take_output(output, 1u << 20);
    from = to;
  }
  if (session.is_broken() || example.value("eof", false)) session.feed_eof();
  json got;
  got["ends"] = json::array();
  for (Http2Exchange& exchange : exchanges) got["ends"].push_back(name(exchange.end));
  if (!exchanges.empty()) got["status"] = exchanges.front().status;
  // How much of a body that ended badly was seen depends on where it was cut.
  const bool counts = !exchanges.empty() && exchanges.front().end == Http2End::complete;
  if (counts) got["body_bytes"] = exchanges.front().body_bytes;
  got["broken"] = session.is_broken() && !example.value("eof", false);
  got["takes_more"] = session.takes_more();
  got["trouble"] = session.trouble();
  for (Http2Exchange& exchange : exchanges) session.cancel(exchange);
  return got;
}

void check(const json& example) {
  INFO(example.at("name").get<std::string>());
  std::string bytes;
  for (const json& frame : example.at("frames")) bytes += bytes_of(frame);
  const json whole = play(example, bytes, {});
  for (const auto& [key, value] : example.at("expect").items()) {
    INFO(key);
    CHECK(whole.at(key) == value);
  }
  const std::size_t step = bytes.size() <= all_cuts_up_to_bytes ? 1 : bytes.size() / 20;
  for (std::size_t cut = 1; cut < bytes.size(); cut += step) {
    INFO("cut at " << cut);
    CHECK(play(example, bytes, {cut}) == whole);
  }
  if (bytes.size() > bytewise_up_to_bytes) return;
  std::vector<std::size_t> all(bytes.size() - 1);
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = i + 1;
  json bytewise = play(example, bytes, all);
  // nghttp2 1.52 takes each look at an unfinished frame header for a CONTINUATION: another error, the same end.
  bytewise["trouble"] = whole.at("trouble");
  CHECK(bytewise == whole);
}

}  // namespace

TEST_CASE("every file in tests/cases/http2") {
  std::set<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(BURSTGATE_SOURCE_DIR "/tests/cases/http2")) {
    files.insert(entry.path());
  }
  REQUIRE(files.size() >= 8);
  for (const auto& path : files) {
    INFO(path.filename().string());
    std::ifstream file(path);
    const json cases = json::parse(file);
    for (const json& example : cases.at("examples")) check(example);
  }
}

// The responses in tests/cases/http1, each fed whole, in two pieces at every cut, and byte by byte. Every piece ends at
// a page that must not be read. In those files one character of a string (U+0000 to U+00FF) is one byte.
#include <doctest/doctest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "protocol/http1.hpp"

namespace {

using burstgate::protocol::Anomaly;
using burstgate::protocol::ResponseError;
using burstgate::protocol::ResponseLimits;
using burstgate::protocol::ResponseReader;
using nlohmann::json;

constexpr std::size_t all_cuts_up_to_bytes = 4096;  // larger responses are cut at some places only
constexpr std::size_t cuts_of_large_responses = 40;

// Memory whose end is followed by a page without access.
class GuardedMemory {
 public:
  explicit GuardedMemory(std::size_t size) {
    const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
    usable_ = (size / page + 1) * page;
    mapped_ = usable_ + page;
    base_ = static_cast<char*>(mmap(nullptr, mapped_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    REQUIRE(base_ != MAP_FAILED);
    REQUIRE(mprotect(base_ + usable_, page, PROT_NONE) == 0);
  }
  ~GuardedMemory() { munmap(base_, mapped_); }
  GuardedMemory(const GuardedMemory&) = delete;
  GuardedMemory& operator=(const GuardedMemory&) = delete;

  const char* place(std::string_view bytes) {
    char* const start = base_ + usable_ - bytes.size();
    if (!bytes.empty()) std::memcpy(start, bytes.data(), bytes.size());
    return start;
  }

 private:
  char* base_ = nullptr;
  std::size_t usable_ = 0;
  std::size_t mapped_ = 0;
};

struct Outcome {
  std::string state;
  std::string error;
  std::string text;
  int status = 0;
  bool keep_alive = false;
  std::uint64_t body_bytes = 0;
  std::uint32_t anomalies = 0;
  std::size_t left_over = 0;  // when complete
  std::string body;

  bool operator==(const Outcome&) const = default;
};

doctest::String toString(const Outcome& o) {
  return (o.state + " " + o.error + " '" + o.text + "' status " + std::to_string(o.status) + " keep_alive " +
          std::to_string(o.keep_alive) + " body " + std::to_string(o.body_bytes) + " anomalies " +
          std::to_string(o.anomalies) + " left over " + std::to_string(o.left_over))
      .c_str();
}

std::string name(ResponseError error) {
  switch (error) {
    case ResponseError::none:
      return "none";
    case ResponseError::closed_before_response:
      return "closed_before_response";
    case ResponseError::truncated_head:
      return "truncated_head";
    case ResponseError::truncated_body:
      return "truncated_body";
    case ResponseError::not_http:
      return "not_http";
    case ResponseError::peer_speaks_tls:
      return "peer_speaks_tls";
    case ResponseError::too_large:
      return "too_large";
  }
  return "?";
}

struct Response {
  std::string name;
  std::string bytes;
  bool to_head = false;
  bool eof = false;
  ResponseLimits limits;
  json expect;
};

std::string bytes_of(const json& value) {
  if (value.is_array()) {
    std::string all;
    for (const json& part : value) all += bytes_of(part);
    return all;
  }
  if (value.is_object()) {
    std::string all;
    const std::string once = bytes_of(value.at("repeat"));
    for (std::size_t i = value.at("times"); i > 0; --i) all += once;
    return all;
  }
  const std::string text = value;  // UTF-8; the code points are the bytes
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto lead = static_cast<unsigned char>(text[i]);
    REQUIRE(lead <= 0xc3);
    bytes +=
        lead < 0x80 ? text[i] : static_cast<char>((lead << 6 | (static_cast<unsigned char>(text[++i]) & 0x3f)) & 0xff);
  }
  return bytes;
}

void refuse_unknown_keys(const json& object, const std::set<std::string>& known) {
  for (const auto& item : object.items()) REQUIRE_MESSAGE(known.count(item.key()) == 1, "unknown key " << item.key());
}

ResponseLimits limits_of(const json& object) {
  refuse_unknown_keys(object, {"head_bytes", "fields", "body_bytes", "chunk_extension_bytes", "trailer_bytes"});
  ResponseLimits limits;
  limits.head_bytes = object.value("head_bytes", limits.head_bytes);
  limits.fields = object.value("fields", limits.fields);
  limits.body_bytes = object.value("body_bytes", limits.body_bytes);
  limits.chunk_extension_bytes = object.value("chunk_extension_bytes", limits.chunk_extension_bytes);
  limits.trailer_bytes = object.value("trailer_bytes", limits.trailer_bytes);
  return limits;
}

Response response_of(const json& object) {
  refuse_unknown_keys(object, {"name", "request", "limits", "bytes", "eof", "expect"});
  refuse_unknown_keys(object.at("expect"), {"state", "error", "text", "status", "keep_alive", "body_bytes", "anomalies",
                                            "left_over", "body"});
  Response response;
  response.name = object.at("name");
  response.bytes = bytes_of(object.at("bytes"));
  response.to_head = object.value("request", "GET") == "HEAD";
  response.eof = object.value("eof", false);
  response.limits = limits_of(object.value("limits", json::object()));
  response.expect = object.at("expect");
  return response;
}

Outcome outcome_of(const ResponseReader& reader, std::size_t left_over) {
  Outcome outcome;
  outcome.state = reader.complete() ? "complete" : reader.failed() ? "failed" : "need_more";
  outcome.error = name(reader.error());
  outcome.text = reader.error_text();
  outcome.status = reader.status();
  outcome.keep_alive = reader.keep_alive();
  outcome.body_bytes = reader.body_bytes();
  outcome.anomalies = reader.anomalies();
  outcome.left_over = reader.complete() ? left_over : 0;
  outcome.body = reader.body();
  return outcome;
}

// Feeds the response in pieces that end before the given places.
Outcome feed(ResponseReader& reader, GuardedMemory& memory, const Response& response, bool keep_body,
             const std::vector<std::size_t>& cuts) {
  reader.start(response.to_head, keep_body);
  std::size_t left_over = 0;
  std::size_t from = 0;
  for (std::size_t i = 0; i <= cuts.size(); ++i) {
    const std::size_t to = i < cuts.size() ? cuts[i] : response.bytes.size();
    const std::string_view piece(response.bytes.data() + from, to - from);
    const bool over = reader.complete() || reader.failed();
    const std::size_t used = reader.feed(memory.place(piece), piece.size());
    REQUIRE(used <= piece.size());
    if (over) REQUIRE(used == 0);
    if (used < piece.size()) REQUIRE((reader.complete() || reader.failed()));
    left_over += piece.size() - used;
    from = to;
  }
  if (response.eof) reader.feed_eof();
  return outcome_of(reader, left_over);
}

void check_expectation(const json& expect, const Outcome& got) {
  CHECK(got.state == expect.at("state").get<std::string>());
  CHECK(got.error == expect.value("error", "none"));
  if (expect.contains("text")) CHECK(got.text == expect.at("text").get<std::string>());
  CHECK(got.text.empty() == (got.state != "failed"));
  CHECK(got.left_over == expect.value("left_over", std::size_t{0}));
  CHECK(got.keep_alive == expect.value("keep_alive", false));
  if (expect.contains("status")) CHECK(got.status == expect.at("status").get<int>());
  if (expect.contains("body_bytes")) CHECK(got.body_bytes == expect.at("body_bytes").get<std::uint64_t>());
  if (expect.contains("body")) CHECK(got.body == bytes_of(expect.at("body")));
  if (got.state != "complete") return;
  std::set<std::string> anomalies;
  for (std::size_t i = 0; i < burstgate::protocol::anomaly_count; ++i) {
    const auto anomaly = static_cast<Anomaly>(i);
    if ((got.anomalies & burstgate::protocol::bit(anomaly)) != 0) anomalies.emplace(burstgate::protocol::name(anomaly));
  }
  CHECK(anomalies == expect.value("anomalies", std::set<std::string>{}));
}

// The response, and right behind it another: the first ends where it should, and the reader is ready for the second.
void check_pipelined(ResponseReader& reader, GuardedMemory& memory, const Response& response, const Outcome& expected) {
  const std::string second = "HTTP/1.1 203 Second\r\nContent-Length: 3\r\n\r\nabc";
  const std::string both = response.bytes + second;
  reader.start(response.to_head, true);
  REQUIRE(reader.feed(memory.place(both), both.size()) == response.bytes.size());
  CHECK(reader.complete());
  CHECK_FALSE(reader.keep_alive());
  Outcome first = outcome_of(reader, 0);
  CHECK((first.anomalies & burstgate::protocol::bit(Anomaly::extra_bytes)) != 0);
  first.anomalies = expected.anomalies;
  first.keep_alive = true;
  CHECK(first == expected);

  Response next;
  next.bytes = second;
  const Outcome got = feed(reader, memory, next, false, {});
  CHECK(got.state == "complete");
  CHECK(got.status == 203);
  CHECK(got.body_bytes == 3);
  CHECK(got.keep_alive);
  CHECK(got.anomalies == 0);
}

void check_response(const Response& response) {
  const std::size_t size = response.bytes.size();
  GuardedMemory memory(size + 100);
  ResponseReader reader(response.limits);
  const Outcome whole = feed(reader, memory, response, true, {});
  check_expectation(response.expect, whole);
  CHECK(whole.body_bytes == whole.body.size());

  // The second time its head may be known; that changes nothing.
  burstgate::protocol::HeadCache heads;
  ResponseReader remembering(response.limits, &heads);
  CHECK(feed(remembering, memory, response, true, {}) == whole);
  CHECK(feed(remembering, memory, response, true, {}) == whole);

  Outcome counted = feed(reader, memory, response, false, {});
  CHECK(counted.body.empty());
  counted.body = whole.body;
  CHECK(counted == whole);

  const std::size_t step = size <= all_cuts_up_to_bytes ? 1 : size / cuts_of_large_responses;
  for (std::size_t cut = 1; cut < size; cut += step) {
    const Outcome in_two = feed(reader, memory, response, true, {cut});
    CHECK_MESSAGE(in_two == whole, "cut at " << cut << ": " << toString(in_two) << " instead of " << toString(whole));
    if (!(in_two == whole)) break;
  }

  std::vector<std::size_t> bytewise;
  for (std::size_t cut = 1; cut < size; ++cut) bytewise.push_back(cut);
  CHECK(feed(reader, memory, response, true, bytewise) == whole);

  if (whole.state == "complete" && whole.keep_alive) check_pipelined(reader, memory, response, whole);
}

std::vector<std::filesystem::path> case_files() {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(BURSTGATE_SOURCE_DIR "/tests/cases/http1")) {
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

TEST_CASE("cases 1 to 34: responses, whole and in pieces") {
  std::set<int> covered;
  for (const auto& file : case_files()) {
    std::ifstream in(file);
    const json document = json::parse(in);
    refuse_unknown_keys(document, {"case", "about", "responses"});
    covered.insert(document.at("case").get<int>());
    REQUIRE(!document.at("responses").empty());
    for (const json& object : document.at("responses")) {
      const std::string place = file.filename().string() + ": " + object.at("name").get<std::string>();
      CAPTURE(place);
      check_response(response_of(object));
    }
  }
  // 4, 12 and 15 need sockets or a clock.
  for (const int number : {1,  2,  3,  5,  6,  7,  8,  9,  10, 11, 13, 14, 16, 17, 18, 19,
                           20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34}) {
    CHECK_MESSAGE(covered.count(number) == 1, "no file for case " << number);
  }
}

// Requests, rendered once before the burst where nothing in them varies: on the hot path only bytes are sent.
#pragma once

#include <bitset>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/json_pointer.hpp"
#include "config/pattern.hpp"
#include "config/plan.hpp"
#include "load/clock.hpp"
#include "load/text.hpp"
#include "protocol/response.hpp"
#include "protocol/url.hpp"

namespace burstgate::load {

// A request as it goes out: nothing in it varies any more.
struct Outgoing {
  std::string bytes;        // head and body
  bool to_head = false;     // HEAD: the answer has no body
  bool wants_body = false;  // the answer's body is looked at, not only counted
  protocol::FieldsWanted wants_fields = protocol::FieldsWanted::none;
};

// What a request is made of when something in it varies: values, or the user's cookies.
struct Blueprint {
  Text head;         // request line and fields, without the empty line
  Text credentials;  // of Basic; empty: none
  Text body;
  bool sized = false;        // with Content-Length
  bool closes = false;       // asks for the connection's end
  bool own_cookies = false;  // has a Cookie field, so that the user's are not sent

  bool varies() const { return head.varies() || credentials.varies() || body.varies(); }
};

struct JsonExpectation {
  std::string shown;  // "/ok"
  JsonPointer pointer;
  std::string expected;  // as JSON
};

// A value to be kept of the answer.
struct Keeper {
  config::Save save;
  JsonPointer pointer;                             // of json:
  std::shared_ptr<const config::Pattern> pattern;  // of regex:
};

struct Request {
  std::size_t endpoint = 0;  // index into RequestSet::endpoint_names, or setup_names
  std::string name;          // of the step
  bool is_setup = false;     // or teardown: not part of what is measured
  Outgoing outgoing;         // as it is sent when nothing varies
  Blueprint blueprint;
  bool varies = false;
  bool idempotent = false;  // may be sent once more when a reused connection turns out to be closed (RFC 9110 9.2.2)
  std::bitset<1000> expected_status;
  std::optional<std::string> expected_body;  // the answer must contain this
  std::vector<JsonExpectation> expected_json;
  std::vector<config::HeaderCheck> expected_headers;
  std::optional<Duration> within;
  std::vector<Keeper> keepers;
};

// A variable that is made anew in each iteration.
struct VariableText {
  std::size_t slot = 0;
  Text text;
};

struct ScenarioRequests {
  double weight = 1;
  Duration wait_min{0};
  Duration wait_max{0};
  std::vector<Request> requests;
  std::size_t index = 0;  // in RequestSet::scenarios
  std::size_t slots = 0;  // values that a user keeps for it
  std::vector<VariableText> variables;
  std::vector<config::FeederUse> feeders;
  std::vector<Request> setup;     // once per user, before its first iteration
  std::vector<Request> teardown;  // once per user that was set up

  bool is_journey() const { return slots > 0 || !setup.empty() || !teardown.empty(); }
};

struct RequestSet {
  std::vector<std::string> endpoint_names;  // in the plan's order, each name once
  std::vector<ScenarioRequests> scenarios;
  std::vector<std::string> setup_names;  // of setup and teardown steps, each name once
  ScenarioRequests around;               // the run's own setup and teardown
};

RequestSet render_requests(const config::Plan& plan, const protocol::Url& url);

// Makes the request that is sent this time in `out`, whose buffers are used again. Nothing: done; otherwise the name of
// a value that cannot stand where it was to be put in. `cookies`: "a=1; b=2", or empty.
std::optional<std::string> render_into(Outgoing& out, const Request& request, const Values& values,
                                       std::string_view cookies);

// The path of a rendered request, without its query.
std::string_view path_of(std::string_view request_head);

}  // namespace burstgate::load

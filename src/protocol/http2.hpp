// One HTTP/2 connection of a client, from bytes to events: nghttp2 without a socket. What the peer sent is fed, what is
// to be sent is taken; in between, exchanges begin and end. No sockets, no clock. The decisions about broken and
// hostile peers are those of cases 69-78 of docs/reliability.md; each is a file in tests/cases/http2.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/event_stream.hpp"
#include "protocol/field.hpp"
#include "protocol/response.hpp"

struct nghttp2_session;

namespace burstgate::protocol {

enum class Http2End : std::uint8_t {
  none,         // still under way
  complete,     // a whole answer, or as much of it as its events asked for
  unprocessed,  // the peer says that it did not begin with it: it may be sent again, whatever the method
  reset,        // by the peer
  closed,       // the connection ended
  protocol,     // not HTTP/2, or not HTTP
  too_large,
};

// A request and its answer on one stream. Its owner keeps it where it is from submit() until it has ended or cancel()
// was called.
struct Http2Exchange {
  bool wants_body = false;
  FieldsWanted wants_fields = FieldsWanted::none;
  std::vector<Field>* fields = nullptr;  // where the answer's fields go, when some are wanted
  EventReader* events = nullptr;         // started; told of the body as it comes

  Http2End end = Http2End::none;
  int status = 0;      // of the final answer; 0 before it has one
  bool sent = false;   // the request has left: its stream was allowed
  bool began = false;  // some of the answer has come
  std::uint64_t body_bytes = 0;
  std::string body;
  void* owner = nullptr;

 private:
  friend class Http2Session;
  friend struct Http2Hooks;
  std::int32_t stream = 0;
  bool answer_ended = false;
  bool reset_by_peer = false;
  int interim_answers = 0;
  std::uint64_t head_bytes = 0;
  std::uint32_t head_fields = 0;
  std::size_t place = 0;  // among the open ones
  std::string_view to_send;
};

class Http2Session {
 public:
  // From the peer, between two pieces of answers.
  static constexpr std::uint32_t most_idle_frames = 10'000;
  static constexpr std::size_t most_idle_bytes = 1u << 20;  // also of frames that nobody knows, which nghttp2 skips

  explicit Http2Session(const ResponseLimits& limits);
  ~Http2Session();
  Http2Session(const Http2Session&) = delete;
  Http2Session& operator=(const Http2Session&) = delete;

  // A request. `lasting`: the fields outlive the session. The body must outlive the exchange. False: this connection
  // takes no more (see takes_more()).
  bool submit(Http2Exchange& exchange, const std::vector<Field>& fields, bool lasting, std::string_view body);
  // The exchange is nobody's business any more; its stream is reset.
  void cancel(Http2Exchange& exchange);

  void feed(std::string_view bytes);
  void feed_eof();  // everything that is under way ends
  // Appends what is to be sent, of more than `enough` bytes only the first.
  void take_output(std::string& into, std::size_t enough);

  // Since the caller last cleared them: exchanges of which something new came, and those that ended.
  std::vector<Http2Exchange*>& noticed() { return noticed_; }
  std::vector<Http2Exchange*>& ended() { return ended_; }

  bool is_ready() const { return settings_received_; }  // the peer speaks HTTP/2
  bool is_broken() const { return broken_; }
  bool takes_more() const;
  bool went_away() const { return goaway_received_; }
  std::size_t under_way() const { return open_.size(); }
  std::uint32_t streams_allowed() const;                   // by the peer, at the same time
  const std::string& trouble() const { return trouble_; }  // the last thing that was wrong; visible, may be empty

 private:
  friend struct Http2Hooks;
  void end(Http2Exchange& exchange, Http2End how);
  void reset(Http2Exchange& exchange, Http2End how);
  void break_off(std::string trouble);
  Http2Exchange* exchange_on(std::int32_t stream);

  ResponseLimits limits_;
  nghttp2_session* session_ = nullptr;
  std::vector<Http2Exchange*> open_;
  std::int32_t last_stream_ = 0;  // the one that was asked for last: callbacks come in rows of the same
  Http2Exchange* on_last_stream_ = nullptr;
  std::vector<Http2Exchange*> noticed_;
  std::vector<Http2Exchange*> ended_;
  std::string opening_;
  std::uint32_t idle_frames_ = 0;
  std::size_t idle_bytes_ = 0;
  bool settings_received_ = false;
  bool goaway_received_ = false;
  bool broken_ = false;
  std::string trouble_;
};

}  // namespace burstgate::protocol

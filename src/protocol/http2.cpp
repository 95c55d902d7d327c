#include "protocol/http2.hpp"

#include <fmt/format.h>
#include <nghttp2/nghttp2.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <new>

#include "base/assert.hpp"
#include "base/text.hpp"

namespace burstgate::protocol {

namespace {

// Bodies are counted, not kept: the peer may send as much as it likes, as h2load lets it.
constexpr std::int32_t window_bytes = (1 << 30) - 1;
constexpr std::size_t opening_bytes = 8;
constexpr std::size_t shown_bytes = 120;
constexpr int switching_protocols = 101;

std::string shown(const std::uint8_t* text, std::size_t size) {
  return visible(elided({reinterpret_cast<const char*>(text), size}, shown_bytes));
}

std::string goaway_text(std::string_view who, const nghttp2_goaway& goaway) {
  std::string text = fmt::format("HTTP/2: {} ended the connection, {}", who, nghttp2_http2_strerror(goaway.error_code));
  if (goaway.opaque_data_len > 0) text += fmt::format(": '{}'", shown(goaway.opaque_data, goaway.opaque_data_len));
  return text;
}

bool ends_stream(const nghttp2_frame& frame) {
  return (frame.hd.type == NGHTTP2_HEADERS || frame.hd.type == NGHTTP2_DATA) &&
         (frame.hd.flags & NGHTTP2_FLAG_END_STREAM) != 0;
}

int status_in(std::string_view digits) {
  return digits.size() == 3 ? (digits[0] - '0') * 100 + (digits[1] - '0') * 10 + (digits[2] - '0') : 0;
}

}  // namespace

// nghttp2's callbacks. `user` is the session; a stream's own data is its exchange, or nothing once nobody asks for it.
struct Http2Hooks {
  static Http2Session& session_of(void* user) { return *static_cast<Http2Session*>(user); }

  // What brings no answer on is counted: frames are cheap to send and cost us CPU (CVE-2019-9511 and the like).
  static int begin_frame(nghttp2_session*, const nghttp2_frame_hd* head, void* user) {
    Http2Session& session = session_of(user);
    const bool useful = head->type == NGHTTP2_HEADERS || (head->type == NGHTTP2_DATA && head->length > 0);
    session.idle_frames_ = useful ? 0 : session.idle_frames_ + 1;
    if (useful) session.idle_bytes_ = 0;
    if (session.idle_frames_ <= Http2Session::most_idle_frames) return 0;
    session.break_off(
        fmt::format("HTTP/2: more than {} frames that bring no answer on", Http2Session::most_idle_frames));
    return NGHTTP2_ERR_CALLBACK_FAILURE;
  }

  static int header(nghttp2_session*, const nghttp2_frame* frame, const std::uint8_t* name, std::size_t name_size,
                    const std::uint8_t* value, std::size_t value_size, std::uint8_t, void* user) {
    Http2Session& session = session_of(user);
    Http2Exchange* exchange = session.exchange_on(frame->hd.stream_id);
    if (exchange == nullptr || exchange->end != Http2End::none) return 0;
    constexpr std::size_t overhead = 32;  // as RFC 9113, section 6.5.2 counts a field
    exchange->head_bytes += name_size + value_size + overhead;
    if (++exchange->head_fields > session.limits_.fields || exchange->head_bytes > session.limits_.head_bytes) {
      session.trouble_ = fmt::format("HTTP/2: head larger than {} bytes (limits.max_head_bytes) or {} fields",
                                     session.limits_.head_bytes, session.limits_.fields);
      session.reset(*exchange, Http2End::too_large);
      return 0;
    }
    const std::string_view field(reinterpret_cast<const char*>(name), name_size);
    const std::string_view text(reinterpret_cast<const char*>(value), value_size);
    if (field == ":status") return status(session, *exchange, status_in(text));
    if (is_wanted(*exchange, field)) exchange->fields->push_back({std::string(field), std::string(text)});
    return 0;
  }

  static bool is_wanted(const Http2Exchange& exchange, std::string_view field) {
    if (exchange.fields == nullptr) return false;
    if (exchange.wants_fields == FieldsWanted::cookies) return field == "set-cookie";
    return exchange.wants_fields == FieldsWanted::all;
  }

  static int status(Http2Session& session, Http2Exchange& exchange, int status) {
    if (!exchange.began) session.noticed_.push_back(&exchange);
    exchange.began = true;
    if (status / 100 != 1) {
      exchange.status = status;
      if (exchange.fields != nullptr) exchange.fields->clear();  // those of interim answers
    } else if (status == switching_protocols || ++exchange.interim_answers > session.limits_.interim_responses) {
      session.trouble_ =
          fmt::format("HTTP/2: status 101, or more than {} interim (1xx) responses", session.limits_.interim_responses);
      session.reset(exchange, Http2End::protocol);
    }
    return 0;
  }

  static int data(nghttp2_session*, std::uint8_t, std::int32_t stream, const std::uint8_t* bytes, std::size_t size,
                  void* user) {
    Http2Session& session = session_of(user);
    session.idle_bytes_ = 0;
    Http2Exchange* exchange = session.exchange_on(stream);
    if (exchange == nullptr || exchange->end != Http2End::none) return 0;
    exchange->body_bytes += size;
    if (exchange->body_bytes > session.limits_.body_bytes) {
      session.trouble_ =
          fmt::format("body larger than {} bytes (limits.max_response_bytes)", session.limits_.body_bytes);
      session.reset(*exchange, Http2End::too_large);
      return 0;
    }
    const std::string_view piece(reinterpret_cast<const char*>(bytes), size);
    if (exchange->wants_body) exchange->body += piece;
    if (exchange->events == nullptr) return 0;
    const std::uint64_t before = exchange->events->events();
    exchange->events->feed(piece);
    if (before == 0 && exchange->events->events() > 0) session.noticed_.push_back(exchange);
    if (exchange->events->done()) session.reset(*exchange, Http2End::complete);
    return 0;
  }

  static int frame_received(nghttp2_session*, const nghttp2_frame* frame, void* user) {
    Http2Session& session = session_of(user);
    if (frame->hd.type == NGHTTP2_SETTINGS) session.settings_received_ = true;
    if (frame->hd.type == NGHTTP2_GOAWAY) {
      session.goaway_received_ = true;
      if (frame->goaway.error_code != NGHTTP2_NO_ERROR) session.trouble_ = goaway_text("the service", frame->goaway);
    }
    if (frame->hd.type == NGHTTP2_RST_STREAM) {
      if (Http2Exchange* exchange = session.exchange_on(frame->hd.stream_id)) exchange->reset_by_peer = true;
    }
    if (!ends_stream(*frame)) return 0;
    if (Http2Exchange* exchange = session.exchange_on(frame->hd.stream_id)) exchange->answer_ended = true;
    return 0;
  }

  static int frame_sent(nghttp2_session*, const nghttp2_frame* frame, void* user) {
    Http2Session& session = session_of(user);
    if (frame->hd.type == NGHTTP2_HEADERS) {
      if (Http2Exchange* exchange = session.exchange_on(frame->hd.stream_id)) exchange->sent = true;
    } else if (frame->hd.type == NGHTTP2_GOAWAY && frame->goaway.error_code != NGHTTP2_NO_ERROR) {
      session.break_off(goaway_text("we", frame->goaway));  // nghttp2 has found fault with the peer
    }
    return 0;
  }

  // A request for which there is no room any more, because the peer is going away.
  static int frame_not_sent(nghttp2_session*, const nghttp2_frame* frame, int, void* user) {
    Http2Session& session = session_of(user);
    if (frame->hd.type != NGHTTP2_HEADERS) return 0;
    const auto found = std::find_if(session.open_.begin(), session.open_.end(),
                                    [&](const Http2Exchange* e) { return e->stream == frame->hd.stream_id; });
    if (found != session.open_.end()) session.end(**found, Http2End::unprocessed);
    return 0;
  }

  static int invalid_frame(nghttp2_session*, const nghttp2_frame* frame, int error, void* user) {
    Http2Session& session = session_of(user);
    session.trouble_ = fmt::format("HTTP/2: {}", nghttp2_strerror(error));
    if (Http2Exchange* exchange = session.exchange_on(frame->hd.stream_id)) session.end(*exchange, Http2End::protocol);
    return 0;
  }

  static int invalid_header(nghttp2_session*, const nghttp2_frame* frame, const std::uint8_t* name,
                            std::size_t name_size, const std::uint8_t*, std::size_t, std::uint8_t, void* user) {
    Http2Session& session = session_of(user);
    session.trouble_ = fmt::format("HTTP/2: a field that is none: '{}'", shown(name, name_size));
    if (Http2Exchange* exchange = session.exchange_on(frame->hd.stream_id)) {
      session.reset(*exchange, Http2End::protocol);
    }
    return 0;
  }

  static int stream_closed(nghttp2_session*, std::int32_t stream, std::uint32_t error, void* user) {
    Http2Session& session = session_of(user);
    Http2Exchange* exchange = session.exchange_on(stream);
    if (exchange == nullptr || exchange->end != Http2End::none) return 0;
    if (error == NGHTTP2_REFUSED_STREAM) {
      session.end(*exchange, Http2End::unprocessed);
    } else if (error != NGHTTP2_NO_ERROR && !exchange->reset_by_peer) {  // nghttp2 has found fault with the message
      session.trouble_ = fmt::format("HTTP/2: a message that is no HTTP, {}", nghttp2_http2_strerror(error));
      session.end(*exchange, Http2End::protocol);
    } else if (exchange->answer_ended) {
      session.end(*exchange, exchange->status > 0 ? Http2End::complete : Http2End::protocol);
    } else {
      session.trouble_ = fmt::format("HTTP/2: the service reset the stream, {}", nghttp2_http2_strerror(error));
      session.end(*exchange, Http2End::reset);
    }
    return 0;
  }

  static ssize_t body(nghttp2_session*, std::int32_t, std::uint8_t* into, std::size_t room, std::uint32_t* flags,
                      nghttp2_data_source* source, void*) {
    auto& rest = static_cast<Http2Exchange*>(source->ptr)->to_send;
    const std::size_t size = std::min(room, rest.size());
    std::memcpy(into, rest.data(), size);
    rest.remove_prefix(size);
    if (rest.empty()) *flags |= NGHTTP2_DATA_FLAG_EOF;
    return static_cast<ssize_t>(size);
  }
};

namespace {

const nghttp2_session_callbacks* callbacks() {
  static nghttp2_session_callbacks* const made = [] {
    nghttp2_session_callbacks* c = nullptr;
    if (nghttp2_session_callbacks_new(&c) != 0) throw std::bad_alloc();
    nghttp2_session_callbacks_set_on_begin_frame_callback(c, &Http2Hooks::begin_frame);
    nghttp2_session_callbacks_set_on_header_callback(c, &Http2Hooks::header);
    nghttp2_session_callbacks_set_on_invalid_header_callback(c, &Http2Hooks::invalid_header);
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(c, &Http2Hooks::data);
    nghttp2_session_callbacks_set_on_frame_recv_callback(c, &Http2Hooks::frame_received);
    nghttp2_session_callbacks_set_on_frame_send_callback(c, &Http2Hooks::frame_sent);
    nghttp2_session_callbacks_set_on_frame_not_send_callback(c, &Http2Hooks::frame_not_sent);
    nghttp2_session_callbacks_set_on_invalid_frame_recv_callback(c, &Http2Hooks::invalid_frame);
    nghttp2_session_callbacks_set_on_stream_close_callback(c, &Http2Hooks::stream_closed);
    return c;
  }();
  return made;
}

const nghttp2_option* session_options() {
  static nghttp2_option* const made = [] {
    nghttp2_option* option = nullptr;
    if (nghttp2_option_new(&option) != 0) throw std::bad_alloc();
    nghttp2_option_set_no_closed_streams(option, 1);
    return option;
  }();
  return made;
}

}  // namespace

Http2Session::Http2Session(const ResponseLimits& limits) : limits_(limits) {
  if (nghttp2_session_client_new2(&session_, callbacks(), this, session_options()) != 0) throw std::bad_alloc();
  const std::array<nghttp2_settings_entry, 3> settings = {{
      {NGHTTP2_SETTINGS_ENABLE_PUSH, 0},
      {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, static_cast<std::uint32_t>(window_bytes)},
      {NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, static_cast<std::uint32_t>(limits.head_bytes)},
  }};
  nghttp2_submit_settings(session_, NGHTTP2_FLAG_NONE, settings.data(), settings.size());
  nghttp2_session_set_local_window_size(session_, NGHTTP2_FLAG_NONE, 0, window_bytes);
}

Http2Session::~Http2Session() {
  nghttp2_session_del(session_);
}

Http2Exchange* Http2Session::exchange_on(std::int32_t stream) {
  if (stream != last_stream_) {
    last_stream_ = stream;
    on_last_stream_ = static_cast<Http2Exchange*>(nghttp2_session_get_stream_user_data(session_, stream));
  }
  return on_last_stream_;
}

bool Http2Session::takes_more() const {
  return !broken_ && !goaway_received_ && nghttp2_session_check_request_allowed(session_) != 0;
}

std::uint32_t Http2Session::streams_allowed() const {
  return nghttp2_session_get_remote_settings(session_, NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS);
}

bool Http2Session::submit(Http2Exchange& exchange, const std::vector<Field>& fields, bool lasting,
                          std::string_view body) {
  if (!takes_more()) return false;
  const std::uint8_t flags =
      lasting ? NGHTTP2_NV_FLAG_NO_COPY_NAME | NGHTTP2_NV_FLAG_NO_COPY_VALUE : NGHTTP2_NV_FLAG_NONE;
  thread_local std::vector<nghttp2_nv> pairs;  // nghttp2 copies them: no allocation for each request
  pairs.clear();
  for (const Field& field : fields) {
    // nghttp2 takes them as not constant, and leaves them alone.
    auto* name = reinterpret_cast<std::uint8_t*>(const_cast<char*>(field.name.data()));
    auto* value = reinterpret_cast<std::uint8_t*>(const_cast<char*>(field.value.data()));
    pairs.push_back({name, value, field.name.size(), field.value.size(), flags});
  }
  exchange.to_send = body;
  nghttp2_data_provider provider{};
  provider.source.ptr = &exchange;
  provider.read_callback = &Http2Hooks::body;
  exchange.stream = nghttp2_submit_request(session_, nullptr, pairs.data(), pairs.size(),
                                           body.empty() ? nullptr : &provider, &exchange);
  if (exchange.stream < 0) return false;
  last_stream_ = 0;  // whatever was known of this stream before it was one
  exchange.end = Http2End::none;
  exchange.status = 0;
  exchange.sent = exchange.began = exchange.answer_ended = exchange.reset_by_peer = false;
  exchange.interim_answers = 0;
  exchange.head_bytes = exchange.body_bytes = exchange.head_fields = 0;
  exchange.body.clear();
  exchange.place = open_.size();
  open_.push_back(&exchange);
  return true;
}

void Http2Session::end(Http2Exchange& exchange, Http2End how) {
  exchange.end = how;
  open_.back()->place = exchange.place;
  open_[exchange.place] = open_.back();
  open_.pop_back();
  nghttp2_session_set_stream_user_data(session_, exchange.stream, nullptr);
  if (exchange.stream == last_stream_) on_last_stream_ = nullptr;
  ended_.push_back(&exchange);
}

void Http2Session::reset(Http2Exchange& exchange, Http2End how) {
  nghttp2_submit_rst_stream(session_, NGHTTP2_FLAG_NONE, exchange.stream, NGHTTP2_CANCEL);
  end(exchange, how);
}

void Http2Session::cancel(Http2Exchange& exchange) {
  if (exchange.end == Http2End::none && !open_.empty()) reset(exchange, Http2End::reset);
  std::erase(ended_, &exchange);
  std::erase(noticed_, &exchange);
}

void Http2Session::break_off(std::string trouble) {
  if (!broken_) trouble_ = std::move(trouble);
  broken_ = true;
}

void Http2Session::feed(std::string_view bytes) {
  if (broken_) return;
  if (!settings_received_ && opening_.size() < opening_bytes) {
    opening_ += bytes.substr(0, opening_bytes - opening_.size());
    if (opening_.starts_with("HTTP/1.")) break_off("peer answered HTTP/1.1 on an h2 connection");
  }
  if (broken_) return;
  const auto taken =
      nghttp2_session_mem_recv(session_, reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
  if (taken < 0) break_off(fmt::format("HTTP/2: {}", nghttp2_strerror(static_cast<int>(taken))));
  idle_bytes_ += bytes.size();
  if (idle_bytes_ > most_idle_bytes) {
    break_off(fmt::format("HTTP/2: more than {} bytes that bring no answer on", most_idle_bytes));
  }
}

void Http2Session::feed_eof() {
  const Http2End how = broken_ ? Http2End::protocol : Http2End::closed;
  while (!open_.empty()) end(*open_.back(), how);
  if (!broken_ && !settings_received_) trouble_ = "connection closed before the service's HTTP/2 settings";
  broken_ = true;
}

void Http2Session::take_output(std::string& into, std::size_t enough) {
  const std::size_t before = into.size();
  while (into.size() - before < enough) {
    const std::uint8_t* bytes = nullptr;
    const auto size = nghttp2_session_mem_send(session_, &bytes);
    if (size < 0) break_off(fmt::format("HTTP/2: {}", nghttp2_strerror(static_cast<int>(size))));
    if (size <= 0) return;
    into.append(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
  }
}

}  // namespace burstgate::protocol

#include "protocol/http1.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace burstgate::protocol {

namespace {

constexpr int switching_protocols = 101;
constexpr int no_content = 204;
constexpr int not_modified = 304;
constexpr std::size_t kept_body_capacity = 64u << 10;  // a larger body's storage is given back

}  // namespace

ResponseReader::ResponseReader(const ResponseLimits& limits, HeadCache* cache) : limits_(limits), cache_(cache) {}

void ResponseReader::start(bool to_head, bool keep_body) {
  state_ = State::head;
  error_ = ResponseError::none;
  to_head_ = to_head;
  keep_body_ = keep_body;
  persistent_ = false;
  status_ = 0;
  interim_responses_ = 0;
  anomalies_ = 0;
  received_ = 0;
  body_bytes_ = 0;
  body_length_ = 0;
  error_text_.clear();
  fields_.clear();
  forget_kept_head();
  body_.clear();
  if (!keep_body || body_.capacity() > kept_body_capacity) body_.shrink_to_fit();
}

std::size_t ResponseReader::feed(const char* data, std::size_t size) {
  std::size_t used = 0;
  while (used < size && !complete() && !failed()) {
    const char* const rest = data + used;
    const std::size_t rest_size = size - used;
    switch (state_) {
      case State::head:
        used += feed_head(rest, rest_size);
        break;
      case State::body_of_length:
      case State::body_until_eof:
        used += feed_body(rest, rest_size);
        break;
      case State::chunked_body:
        used += feed_chunks(rest, rest_size);
        break;
      case State::complete:
      case State::failed:
        break;
    }
  }
  received_ += used;
  if (complete() && used < size) note(Anomaly::extra_bytes);
  return used;
}

std::size_t ResponseReader::feed_head(const char* data, std::size_t size) {
  if (!kept_head_.empty()) return feed_head_slowly(data, size);
  const std::string_view bytes(data, size);
  ResponseHead head;
  if (const ResponseHead* known = cache_ != nullptr ? cache_->find(bytes) : nullptr) {
    head = *known;
  } else if (parse_plain_head(bytes, limits_, head)) {
    if (cache_ != nullptr) cache_->remember(bytes.substr(0, head.size), head);
  } else {
    return feed_head_slowly(data, size);
  }
  accept(head, bytes.substr(0, head.size));
  return head.size;
}

// For a head that comes in pieces, is odd or is broken. Every byte is looked at once until the head is complete.
std::size_t ResponseReader::feed_head_slowly(const char* data, std::size_t size) {
  const std::size_t kept = kept_head_.size();
  const std::string_view piece(data, std::min<std::size_t>(size, limits_.head_bytes - kept));
  const std::string_view text = kept > 0 ? std::string_view(kept_head_.append(piece)) : piece;

  if (auto fault = judge_opening(text, false)) return fail(std::move(*fault)), size;
  const std::size_t head_size = find_head_end(text, head_searched_);
  if (head_size == 0) {
    await_more_of_head(text, piece);
    return size;
  }
  ResponseHead head;
  if (auto fault = parse_head(text.substr(0, head_size), limits_, head)) return fail(std::move(*fault)), size;
  accept(head, text.substr(0, head_size));
  forget_kept_head();
  return head_size - kept;
}

void ResponseReader::await_more_of_head(std::string_view head, std::string_view piece) {
  if (!status_line_checked_ && piece.find('\n') != std::string_view::npos) {
    if (auto fault = judge_status_line(head, status_line_checked_)) return fail(std::move(*fault));
  }
  if (head.size() >= limits_.head_bytes) {
    return fail({ResponseError::too_large,
                 fmt::format("head larger than {} bytes (limits.max_head_bytes)", limits_.head_bytes)});
  }
  if (kept_head_.empty()) kept_head_ = head;
}

void ResponseReader::forget_kept_head() {
  if (!kept_head_.empty()) kept_head_ = std::string();
  head_searched_ = 0;
  status_line_checked_ = false;
}

void ResponseReader::accept(const ResponseHead& head, std::string_view bytes) {
  anomalies_ |= head.anomalies;
  if (head.status / 100 == 1) return accept_interim(head);
  status_ = head.status;
  persistent_ = head.persistent;
  const bool keeps =
      fields_wanted_ == FieldsWanted::all || (fields_wanted_ == FieldsWanted::cookies && head.sets_cookie);
  if (keeps) collect_fields(bytes, fields_wanted_, fields_);
  start_body(head);
}

void ResponseReader::accept_interim(const ResponseHead& head) {
  if (head.status == switching_protocols) {
    return fail({ResponseError::not_http, "status 101 (Switching Protocols) without a request for it"});
  }
  if (++interim_responses_ > limits_.interim_responses) {
    fail({ResponseError::not_http, fmt::format("more than {} interim (1xx) responses", limits_.interim_responses)});
  }
}

void ResponseReader::start_body(const ResponseHead& head) {
  if (to_head_ || status_ == no_content || status_ == not_modified) {
    state_ = State::complete;
  } else if (head.chunked) {
    chunks_.start(limits_);
    state_ = State::chunked_body;
  } else if (!head.content_length) {
    persistent_ = false;
    state_ = State::body_until_eof;
  } else if (*head.content_length > limits_.body_bytes) {
    fail({ResponseError::too_large, fmt::format("body of {} bytes is larger than {} bytes (limits.max_response_bytes)",
                                                *head.content_length, limits_.body_bytes)});
  } else {
    body_length_ = *head.content_length;
    state_ = body_length_ == 0 ? State::complete : State::body_of_length;
  }
}

std::size_t ResponseReader::feed_body(const char* data, std::size_t size) {
  const std::uint64_t limit = state_ == State::body_of_length ? body_length_ : limits_.body_bytes;
  const std::size_t taken = static_cast<std::size_t>(std::min<std::uint64_t>(size, limit - body_bytes_));
  add_body({data, taken});
  if (state_ == State::body_of_length) {
    if (body_bytes_ == body_length_) state_ = State::complete;
  } else if (taken < size) {
    fail({ResponseError::too_large,
          fmt::format("body larger than {} bytes (limits.max_response_bytes)", limits_.body_bytes)});
  }
  return taken;
}

std::size_t ResponseReader::feed_chunks(const char* data, std::size_t size) {
  const ChunkDecoder::Step step = chunks_.take(data, size);
  add_body(step.data);
  if (chunks_.failed()) {
    fail(chunks_.fault());
  } else if (chunks_.done()) {
    state_ = State::complete;
  }
  return step.used;
}

void ResponseReader::add_body(std::string_view piece) {
  body_bytes_ += piece.size();
  if (keep_body_) body_ += piece;
}

void ResponseReader::feed_eof() {
  switch (state_) {
    case State::head:
      if (received_ == 0) {
        fail({ResponseError::closed_before_response, "connection closed before the first byte of the response"});
      } else if (auto fault = judge_opening(kept_head_, true)) {
        fail(std::move(*fault));
      } else {
        fail({ResponseError::truncated_head,
              fmt::format("connection closed inside response head after {} bytes", received_)});
      }
      break;
    case State::body_of_length:
      fail({ResponseError::truncated_body, fmt::format("received {} of {} body bytes", body_bytes_, body_length_)});
      break;
    case State::body_until_eof:
      state_ = State::complete;
      break;
    case State::chunked_body:
      fail({ResponseError::truncated_body,
            fmt::format("incomplete chunked body: connection closed after {} body bytes", body_bytes_)});
      break;
    case State::complete:
    case State::failed:
      break;
  }
}

bool ResponseReader::keep_alive() const {
  constexpr std::uint32_t fatal =
      bit(Anomaly::length_and_chunked) | bit(Anomaly::extra_bytes) | bit(Anomaly::unsolicited);
  return complete() && persistent_ && (anomalies_ & fatal) == 0;
}

void ResponseReader::fail(ResponseFault fault) {
  state_ = State::failed;
  error_ = fault.error;
  error_text_ = std::move(fault.text);
  forget_kept_head();
}

}  // namespace burstgate::protocol

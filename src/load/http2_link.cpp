// Everything that one look at the socket brought is worked off before anything is sent, so that the answers of many
// streams and the requests that follow them cost one recv and one send together.
#include "load/http2_link.hpp"

#include <utility>

namespace burstgate::load {

using measure::Failure;
using protocol::Http2Exchange;

namespace {

constexpr std::size_t send_at_once_bytes = 64u << 10;

bool is_peers_fault(protocol::Http2End end) {
  return end == protocol::Http2End::reset || end == protocol::Http2End::protocol ||
         end == protocol::Http2End::too_large;
}

}  // namespace

Http2Link::Http2Link(asio::io_context& context, Readiness& readiness, const Peer& peer,
                     const protocol::ResponseLimits& limits, std::span<char> read_buffer, Remarks& remarks,
                     Listener listener)
    : transport_(context, readiness, peer, read_buffer),
      limits_(limits),
      remarks_(remarks),
      listener_(std::move(listener)) {}

Task<std::optional<Failure>> Http2Link::connect() {
  connecting_ = true;
  transport_.stream().listen({});
  session_.reset();
  unsent_.clear();
  was_ready_ = false;
  const std::optional<Failure> failure = co_await transport_.connect();
  connecting_ = false;
  if (failure) {
    if (failure == Failure::tls) remarks_.add(transport_.trouble().what);
    co_return failure;
  }
  if (transport_.is_tls()) remarks_.count_handshake(transport_.is_resumed());
  session_.emplace(limits_);
  transport_.stream().listen([this](bool peer_closes) { happened(peer_closes); });
  flush();
  if (transport_.has_more() || transport_.stream().has_happened()) happened(true);
  co_return std::nullopt;
}

void Http2Link::happened(bool peer_closes) {
  if (!is_open()) return;
  busy_ = true;
  read_all(peer_closes);
  tell();
  busy_ = false;
  flush();
}

// A short read has emptied the socket: what comes later is told anew. The end of the connection is not.
void Http2Link::read_all(bool to_the_end) {
  bool more = true;
  while (is_open() && more) {
    const Received received = transport_.receive();
    switch (received.kind) {
      case Received::Kind::bytes:
        session_->feed(received.bytes);
        more = to_the_end || transport_.has_more() || !received.was_all;
        break;
      case Received::Kind::part:
        break;
      case Received::Kind::would_block:
        more = false;
        break;
      case Received::Kind::tls_failed:
        remarks_.add(transport_.trouble().what);
        [[fallthrough]];
      case Received::Kind::end:
      case Received::Kind::truncated:
      case Received::Kind::reset:
        session_->feed_eof();
        more = false;
        break;
    }
    if (session_->is_broken()) more = false;
  }
}

void Http2Link::tell() {
  telling_.swap(session_->noticed());
  for (Http2Exchange* exchange : telling_) {
    if (exchange->end == protocol::Http2End::none) listener_.noticed(*exchange);
  }
  telling_.clear();
  if (session_->is_broken()) session_->feed_eof();
  telling_.swap(session_->ended());
  for (Http2Exchange* exchange : telling_) {
    if (is_peers_fault(exchange->end)) remarks_.add(session_->trouble());
    listener_.ended(*exchange);
  }
  telling_.clear();
  if (!was_ready_ && (session_->is_ready() || session_->is_broken())) {
    was_ready_ = true;
    if (session_->is_broken()) give_up();
    listener_.ready();
  }
}

// The socket is closed once there is nothing to say and nothing to wait for.
void Http2Link::flush() {
  if (!is_open() || busy_) return;
  for (;;) {
    std::string_view rest = unsent_;
    const bool all = transport_.send_now(rest);
    unsent_.erase(0, unsent_.size() - rest.size());
    if (!all) break;
    session_->take_output(unsent_, send_at_once_bytes);
    if (unsent_.empty()) break;
  }
  if (!session_->is_broken() && !(session_->went_away() && session_->under_way() == 0)) return;
  busy_ = true;
  tell();
  busy_ = false;
  give_up();
}

void Http2Link::give_up() {
  remarks_.add(session_->trouble());  // nothing, when it ended as it should
  transport_.close();
}

void Http2Link::abandon() {
  transport_.close();
}

bool Http2Link::submit(Http2Exchange& exchange, const std::vector<protocol::Field>& fields, bool lasting,
                       std::string_view body) {
  if (!takes_more() || !session_->submit(exchange, fields, lasting, body)) return false;
  flush();
  return true;
}

void Http2Link::cancel(Http2Exchange& exchange) {
  if (!session_) return;
  session_->cancel(exchange);
  flush();
}

protocol::TlsTrouble Http2Link::trouble() const {
  if (!transport_.trouble().what.empty() || !session_) return transport_.trouble();
  const bool spoken = session_->trouble().empty();
  return {session_->trouble(), spoken ? "" : "does the service speak HTTP/2 on this port?"};
}

}  // namespace burstgate::load

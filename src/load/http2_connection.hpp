// HTTP/2: users that share a connection, each with a stream at a time.
#pragma once

#include <deque>
#include <memory>
#include <vector>

#include "load/connection.hpp"
#include "load/http2_link.hpp"
#include "load/waiter.hpp"
#include "protocol/http2_request.hpp"

namespace burstgate::load {

class Http2Stream;

// What the users of one connection share. A connection that is going away gets a successor; those that still wait for
// answers on it get them.
class Http2Connection {
 public:
  struct Parts {
    asio::io_context& context;
    Readiness& readiness;
    const Peer& peer;
    protocol::ResponseLimits limits;
    std::span<char> read_buffer;
    protocol::Http2Requests& requests;
    Remarks& remarks;
  };
  explicit Http2Connection(const Parts& parts) : parts_(parts) {}
  Http2Connection(const Http2Connection&) = delete;
  Http2Connection& operator=(const Http2Connection&) = delete;

  const Parts& parts() const { return parts_; }
  // The link that takes requests, or nothing.
  Http2Link* current();
  std::uint64_t open_sockets() const;

  // A link that takes requests: opened, or waited for while another user opens one. Ends early when `user` is stopped.
  Task<Exchange> join(Http2Stream& user);
  void interrupt(const Http2Stream& user);

  protocol::TlsTrouble trouble() const { return links_.empty() ? protocol::TlsTrouble() : links_.back().trouble(); }
  std::string agreed() const { return current_ != nullptr ? current_->agreed() : std::string(); }
  std::uint32_t streams_allowed() const { return current_ != nullptr ? current_->streams_allowed() : 0; }

 private:
  Task<Exchange> open(Http2Stream& user);
  Http2Link& free_link();
  void link_is_ready();

  Parts parts_;
  std::deque<Http2Link> links_;  // stay where they are
  Http2Link* current_ = nullptr;
  Http2Link* opening_ = nullptr;
  Http2Stream* opener_ = nullptr;
  std::vector<Http2Stream*> joining_;
  Exchange last_opened_;
};

// One user's part of a shared connection.
class Http2Stream final : public Connection {
 public:
  // `first`: among the users of the connection; it speaks for the socket.
  Http2Stream(Http2Connection& shared, bool first);

  bool is_open() const override { return shared_.current() != nullptr; }
  Task<Exchange> connect(Instant deadline) override;
  Task<Exchange> exchange(const Outgoing& request, Instant deadline) override;
  IdleState check_idle() override { return is_open() ? IdleState::usable : IdleState::closed_by_peer; }
  void close() override {}  // the others may need it
  Answer answer() const override;
  std::uint64_t open_sockets() const override { return first_ ? shared_.open_sockets() : 0; }
  protocol::TlsTrouble trouble() const override { return shared_.trouble(); }
  std::string agreed() const override { return shared_.agreed(); }
  std::uint32_t streams_allowed() const override { return shared_.streams_allowed(); }

 private:
  friend class Http2Connection;
  void wake() override;
  void start(const Outgoing& request);
  bool submit(const Outgoing& request);
  std::optional<measure::Failure> failure_of_end() const;
  Exchange result_of(Exchange result) const;
  void noticed();

  Http2Connection& shared_;
  bool first_;
  Http2Link* link_ = nullptr;  // of the exchange
  Waiter waiter_;
  protocol::Http2Exchange exchange_;
  std::vector<protocol::Field> fields_;
  protocol::EventReader events_;
  bool has_events_ = false;
  std::uint32_t anomalies_ = 0;
  Instant first_byte_;
  Instant first_event_;
};

}  // namespace burstgate::load

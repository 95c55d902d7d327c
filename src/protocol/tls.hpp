// TLS of a client, from bytes to bytes: OpenSSL without a socket. What the peer sent is given to a session, what is to
// be sent to it is taken from there; whoever owns the socket does both. docs/decisions/0008 says why.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

struct ssl_st;
struct ssl_ctx_st;
struct ssl_session_st;

namespace burstgate::protocol {

enum class TlsVersion { v1_2, v1_3 };

struct TlsOptions {
  std::string host;  // asked for (SNI) and verified; an address is only verified
  std::string alpn;  // the one protocol that is offered: "http/1.1" or "h2"
  bool verify = true;
  std::string ca_file;  // empty: the system's certificates
  std::string cert_file;
  std::string key_file;
  std::string key_passphrase;
  bool resumption = false;
  TlsVersion min_version = TlsVersion::v1_2;
  TlsVersion max_version = TlsVersion::v1_3;
};

// Certificates, key and rules. Constant once made: threads may share it.
class TlsContext {
 public:
  // Error (Trouble::usage) with the file's name: it cannot be read, is not PEM, the passphrase is wrong, the key does
  // not belong to the certificate, or others than its owner may read the key.
  explicit TlsContext(TlsOptions options);
  ~TlsContext();
  TlsContext(const TlsContext&) = delete;
  TlsContext& operator=(const TlsContext&) = delete;

  const TlsOptions& options() const { return options_; }
  ssl_ctx_st* get() const { return context_; }
  // For a connection of this context: whom to ask for, and who must answer.
  void name_peer(ssl_st* ssl) const;

 private:
  TlsOptions options_;
  ssl_ctx_st* context_;
};

// What a later connection needs to resume this one; empty until the service has sent one.
class TlsTicket {
 public:
  TlsTicket() = default;
  ~TlsTicket();
  TlsTicket(const TlsTicket&) = delete;
  TlsTicket& operator=(const TlsTicket&) = delete;
  void keep(ssl_session_st* session);  // takes it over
  ssl_session_st* get() const { return session_; }

 private:
  ssl_session_st* session_ = nullptr;
};

// Why a handshake failed, for people; peers' text made visible.
struct TlsTrouble {
  std::string what;
  std::string hint;
  bool about_time = false;     // a certificate that is not valid now
  bool about_version = false;  // no version of TLS in common
};

class TlsSession {
 public:
  // `ticket`: filled when the service sends one, and used when it is filled and the context resumes. It and the context
  // outlive the session.
  TlsSession(const TlsContext& context, TlsTicket& ticket);
  ~TlsSession();
  TlsSession(const TlsSession&) = delete;
  TlsSession& operator=(const TlsSession&) = delete;

  // The peer's bytes, which must stay where they are until has_unread() is false or the session ends.
  void give(std::string_view bytes) { unread_ = bytes; }
  void give_end() { ended_ = true; }  // the peer closed its side
  bool has_unread() const { return !unread_.empty(); }

  enum class Handshake { done, wants_bytes, failed };
  Handshake handshake();
  const TlsTrouble& trouble() const { return trouble_; }  // after Handshake::failed or Read::failed

  // closed: by a close_notify, so nothing is missing. truncated: the peer's bytes ended without one.
  enum class Read { data, wants_bytes, closed, truncated, failed };
  // One record at most. `size` is set with Read::data.
  Read read(char* into, std::size_t room, std::size_t& size);

  // False: the session is broken. The records are in outgoing().
  bool write(std::string_view plain);
  void say_close();  // close_notify, if it can still be said

  std::string& outgoing() { return outgoing_; }  // for the peer; whoever has sent it clears it

  std::string negotiated() const;  // "TLSv1.3, TLS_AES_256_GCM_SHA384"
  bool resumed() const;

 private:
  friend struct TlsHooks;  // OpenSSL's callbacks
  TlsTrouble describe_failure(int error) const;
  bool alpn_is_right();

  const TlsContext& context_;
  TlsTicket& ticket_;
  ssl_st* ssl_;
  std::string_view unread_;
  bool ended_ = false;
  std::string outgoing_;
  std::string opening_;  // the peer's first bytes: it may not speak TLS at all
  TlsTrouble trouble_;
};

}  // namespace burstgate::protocol

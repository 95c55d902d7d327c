// TlsSession against OpenSSL's own server, in memory: bytes go over in pieces of any size.
#include "protocol/tls.hpp"

#include <doctest/doctest.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <array>
#include <memory>
#include <string>

#include "base/error.hpp"

using namespace burstgate::protocol;
using burstgate::Error;

namespace {

// A certificate that signs itself, for "example.test".
struct Identity {
  Identity() {
    X509_set_version(certificate, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate), -60);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
    X509_set_pubkey(certificate, key);
    X509_NAME* name = X509_get_subject_name(certificate);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("odd\x1bname"), -1, -1,
                               0);
    X509_set_issuer_name(certificate, name);
    X509_EXTENSION* names = X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, "DNS:example.test");
    X509_add_ext(certificate, names, -1);
    X509_EXTENSION_free(names);
    X509_sign(certificate, key, EVP_sha256());
  }
  ~Identity() {
    X509_free(certificate);
    EVP_PKEY_free(key);
  }
  Identity(const Identity&) = delete;
  Identity& operator=(const Identity&) = delete;

  EVP_PKEY* key = EVP_EC_gen("P-256");
  X509* certificate = X509_new();
};

int choose_protocol(SSL*, const unsigned char** out, unsigned char* size, const unsigned char*, unsigned,
                    void* chosen) {
  const auto* protocol = static_cast<const std::string*>(chosen);
  *out = reinterpret_cast<const unsigned char*>(protocol->data());
  *size = static_cast<unsigned char>(protocol->size());
  return SSL_TLSEXT_ERR_OK;
}

class Server {
 public:
  explicit Server(std::string protocol = "") : protocol_(std::move(protocol)) {
    SSL_CTX_use_certificate(context_, identity_.certificate);
    SSL_CTX_use_PrivateKey(context_, identity_.key);
    if (!protocol_.empty()) SSL_CTX_set_alpn_select_cb(context_, &choose_protocol, &protocol_);
    ssl_ = SSL_new(context_);
    SSL_set_bio(ssl_, BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
    SSL_set_accept_state(ssl_);
  }
  ~Server() {
    SSL_free(ssl_);
    SSL_CTX_free(context_);
  }
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  void take(std::string& bytes) {
    if (!bytes.empty()) BIO_write(SSL_get_rbio(ssl_), bytes.data(), static_cast<int>(bytes.size()));
    bytes.clear();
    if (SSL_is_init_finished(ssl_) == 0) SSL_do_handshake(ssl_);
  }
  std::string said() {
    std::string all;
    std::array<char, 4096> part{};
    for (int size; (size = BIO_read(SSL_get_wbio(ssl_), part.data(), part.size())) > 0;)
      all.append(part.data(), static_cast<std::size_t>(size));
    return all;
  }
  std::string heard() {
    std::array<char, 4096> part{};
    const int size = SSL_read(ssl_, part.data(), part.size());
    return size > 0 ? std::string(part.data(), static_cast<std::size_t>(size)) : "";
  }
  void say(std::string_view text) { SSL_write(ssl_, text.data(), static_cast<int>(text.size())); }
  void say_close() { SSL_shutdown(ssl_); }
  std::string name() const {
    const char* asked = SSL_get_servername(ssl_, TLSEXT_NAMETYPE_host_name);
    return asked == nullptr ? "none" : asked;
  }

 private:
  std::string protocol_;
  Identity identity_;
  SSL_CTX* context_ = SSL_CTX_new(TLS_server_method());
  SSL* ssl_ = nullptr;
};

TlsOptions trusting(std::string host = "example.test", std::string alpn = "http/1.1") {
  TlsOptions options;
  options.host = std::move(host);
  options.alpn = std::move(alpn);
  options.verify = false;
  return options;
}

struct Client {
  explicit Client(const TlsOptions& options) : context(options), session(context, ticket) {}

  // To the end of the handshake, the server's bytes in pieces.
  TlsSession::Handshake meet(Server& server, std::size_t piece = 1u << 20) {
    TlsSession::Handshake step = session.handshake();
    while (step == TlsSession::Handshake::wants_bytes) {
      server.take(session.outgoing());
      const std::string said = server.said();
      if (said.empty()) return step;
      for (std::size_t at = 0; at < said.size() && step == TlsSession::Handshake::wants_bytes; at += piece) {
        session.give(std::string_view(said).substr(at, piece));
        step = session.handshake();
      }
    }
    server.take(session.outgoing());
    return step;
  }

  std::string read(const std::string& bytes, std::size_t piece = 1u << 20) {
    std::string all;
    for (std::size_t at = 0; at < bytes.size(); at += piece) {
      session.give(std::string_view(bytes).substr(at, piece));
      read_given(all);
    }
    return all;
  }
  void read_given(std::string& all) {
    std::array<char, 64> plain{};  // small: a record comes in several pieces
    std::size_t size = 0;
    while ((last = session.read(plain.data(), plain.size(), size)) == TlsSession::Read::data)
      all.append(plain.data(), size);
  }

  TlsContext context;
  TlsTicket ticket;
  TlsSession session;
  TlsSession::Read last = TlsSession::Read::wants_bytes;
};

}  // namespace

TEST_CASE("a handshake, a request and its answer, however the bytes are cut") {
  const std::string answer(1000, 'a');
  for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, std::size_t{1} << 20}) {
    CAPTURE(piece);
    Server server("http/1.1");
    Client client(trusting());
    REQUIRE(client.meet(server, piece) == TlsSession::Handshake::done);
    CHECK(server.name() == "example.test");
    REQUIRE(client.session.write("request"));
    server.take(client.session.outgoing());
    CHECK(server.heard() == "request");
    server.say(answer);
    CHECK(client.read(server.said(), piece) == answer);
    CHECK(client.last == TlsSession::Read::wants_bytes);
    CHECK_FALSE(client.session.has_unread());
    CHECK(client.session.negotiated().starts_with("TLSv1.3, TLS_"));
  }
}

TEST_CASE("case 65: with a farewell it is closed, without one it is truncated") {
  Server server;
  Client client(trusting());
  REQUIRE(client.meet(server) == TlsSession::Handshake::done);
  server.say("all");
  server.say_close();
  CHECK(client.read(server.said()) == "all");
  CHECK(client.last == TlsSession::Read::closed);

  Server other;
  Client cut(trusting());
  REQUIRE(cut.meet(other) == TlsSession::Handshake::done);
  other.say("all");
  std::string all = cut.read(other.said());
  cut.session.give_end();
  cut.read_given(all);
  CHECK(all == "all");
  CHECK(cut.last == TlsSession::Read::truncated);
}

TEST_CASE("case 61: no name is asked for with an address, and a trailing dot is left out") {
  Server by_address;
  Client address(trusting("127.0.0.1"));
  REQUIRE(address.meet(by_address) == TlsSession::Handshake::done);
  CHECK(by_address.name() == "none");

  Server by_ipv6;
  Client ipv6(trusting("::1"));
  REQUIRE(ipv6.meet(by_ipv6) == TlsSession::Handshake::done);
  CHECK(by_ipv6.name() == "none");

  Server by_name;
  Client name(trusting("example.test."));
  REQUIRE(name.meet(by_name) == TlsSession::Handshake::done);
  CHECK(by_name.name() == "example.test");
}

TEST_CASE("case 62: what was not asked for is not spoken") {
  const auto trouble = [](const std::string& chosen, const std::string& asked) {
    Server server(chosen);
    Client client(trusting("example.test", asked));
    return client.meet(server) == TlsSession::Handshake::done ? "" : client.session.trouble().what;
  };
  CHECK(trouble("h2", "h2") == "");
  CHECK(trouble("", "http/1.1") == "");
  CHECK(trouble("http/1.1", "h2") == "the service chose a protocol that was not offered, configured h2");
  CHECK(trouble("", "h2") == "negotiated no protocol, configured h2");
  CHECK(trouble("h2", "http/1.1") == "the service chose a protocol that was not offered, configured http/1.1");
}

TEST_CASE("case 60: a certificate that is refused is described, and its text made visible") {
  TlsOptions options = trusting();
  options.verify = true;
  Server server;
  Client client(options);
  CHECK(client.meet(server) == TlsSession::Handshake::failed);
  const TlsTrouble& trouble = client.session.trouble();
  CHECK(trouble.what.starts_with("certificate is self-signed, and nobody said to trust it; subject CN=odd\\1Bname, "));
  CHECK(trouble.what.find("names example.test, valid 20") != std::string::npos);
  CHECK(trouble.hint.find("service.tls.ca_file") != std::string::npos);
}

TEST_CASE("cases 4, 63, 64: who does not speak TLS, stops, or speaks it wrongly") {
  const auto trouble = [](const std::string& bytes, bool end) {
    Client client(trusting());
    client.session.handshake();
    client.session.give(bytes);
    if (end) client.session.give_end();
    CHECK(client.session.handshake() == TlsSession::Handshake::failed);
    return client.session.trouble().what;
  };
  CHECK(trouble("HTTP/1.1 400 Bad Request\r\n\r\n", false) == "the peer speaks plain HTTP");
  CHECK(trouble("SSH-2.0-x\r\n", false) == "the peer does not speak TLS: it began with 'SSH-2.0-'");
  CHECK(trouble("", true) == "connection closed during the TLS handshake");
  CHECK(trouble("\x16\x03\x03", true) == "connection closed during the TLS handshake");

  Server server;
  Client client(trusting());
  REQUIRE(client.meet(server) == TlsSession::Handshake::done);
  server.said();
  client.read("\x17\x03\x03" + std::string(1, '\0') + "\x20" + std::string(32, 'x'));
  CHECK(client.last == TlsSession::Read::failed);
  CHECK(client.session.trouble().what.starts_with("TLS failed: "));
  CHECK_FALSE(client.session.write("more"));
}

TEST_CASE("case 67: files that cannot be used are named") {
  TlsOptions options = trusting();
  options.verify = true;
  options.ca_file = BURSTGATE_SOURCE_DIR "/LICENSE";
  CHECK_THROWS_WITH_AS(
      TlsContext{options},
      BURSTGATE_SOURCE_DIR
      "/LICENSE: error[E-304]: service.tls.ca_file: no certificate in it; expected certificates in PEM form",
      Error);
  options.ca_file = "/no/such/file";
  CHECK_THROWS_AS(TlsContext{options}, Error);
}

// OpenSSL reads and writes through a BIO of our own: reading takes from the bytes that were given, writing appends to
// those that are to be sent. Nothing is copied that OpenSSL's own socket BIO would not copy, and one recv brings as
// many records as there are.
#include "protocol/tls.hpp"

#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/assert.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "protocol/tls_certificate.hpp"

namespace burstgate::protocol {

// OpenSSL's callbacks.
struct TlsHooks {
  static int read(BIO* bio, char* into, std::size_t room, std::size_t* taken) {
    auto& session = *static_cast<TlsSession*>(BIO_get_data(bio));
    BIO_clear_retry_flags(bio);
    if (session.unread_.empty()) {
      if (!session.ended_) BIO_set_retry_read(bio);
      return 0;
    }
    *taken = std::min(room, session.unread_.size());
    std::memcpy(into, session.unread_.data(), *taken);
    session.unread_.remove_prefix(*taken);
    return 1;
  }

  static int write(BIO* bio, const char* bytes, std::size_t size, std::size_t* taken) {
    static_cast<TlsSession*>(BIO_get_data(bio))->outgoing_.append(bytes, size);
    *taken = size;
    return 1;
  }

  static long control(BIO* bio, int command, long, void*) {
    if (command == BIO_CTRL_FLUSH) return 1;
    if (command == BIO_CTRL_EOF) return static_cast<TlsSession*>(BIO_get_data(bio))->ended_ ? 1 : 0;
    return 0;
  }

  static int verify(int good, X509_STORE_CTX* store) {
    if (good == 1) return 1;
    const auto* ssl = static_cast<const SSL*>(X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()));
    auto* session = static_cast<TlsSession*>(SSL_get_app_data(ssl));
    if (session == nullptr) return 0;  // somebody else's connection
    session->trouble_ = certificate_trouble(X509_STORE_CTX_get_error(store), X509_STORE_CTX_get_current_cert(store),
                                            X509_STORE_CTX_get0_cert(store), session->context_.options().host);
    return 0;
  }

  static int new_ticket(SSL* ssl, SSL_SESSION* session) {
    auto* owner = static_cast<TlsSession*>(SSL_get_app_data(ssl));
    if (owner == nullptr) return 0;  // somebody else's connection
    owner->ticket_.keep(session);
    return 1;
  }

  static int passphrase(char* into, int room, int, void* text) {
    const auto& phrase = *static_cast<const std::string*>(text);
    if (phrase.empty() || phrase.size() > static_cast<std::size_t>(room)) return 0;
    std::memcpy(into, phrase.data(), phrase.size());
    return static_cast<int>(phrase.size());
  }
};

namespace {

constexpr std::size_t largest_pem = 1u << 20;
constexpr std::size_t opening_bytes = 8;

BIO_METHOD* bio_method() {
  static BIO_METHOD* const method = [] {
    BIO_METHOD* made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "bytes");
    BIO_meth_set_read_ex(made, &TlsHooks::read);
    BIO_meth_set_write_ex(made, &TlsHooks::write);
    BIO_meth_set_ctrl(made, &TlsHooks::control);
    return made;
  }();
  return method;
}

[[noreturn]] void refuse(const std::string& file, std::string what, std::string hint) {
  ERR_clear_error();
  throw Error(Trouble::usage, {.code = "E-304", .where = file, .what = std::move(what), .hint = std::move(hint)});
}

int number_of(TlsVersion version) {
  return version == TlsVersion::v1_2 ? TLS1_2_VERSION : TLS1_3_VERSION;
}

std::string words_of(TlsVersion version) {
  return version == TlsVersion::v1_2 ? "TLS 1.2" : "TLS 1.3";
}

void trust(SSL_CTX* context, const std::string& ca_file) {
  if (ca_file.empty()) {
    SSL_CTX_set_default_verify_paths(context);
    return;
  }
  read_file(ca_file, largest_pem);  // says what is wrong with the file itself
  if (SSL_CTX_load_verify_locations(context, ca_file.c_str(), nullptr) == 1) return;
  refuse(ca_file, "service.tls.ca_file: no certificate in it", "expected certificates in PEM form");
}

void refuse_shared_key(const std::string& file) {
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0 || (status.st_mode & 077) == 0) return;
  refuse(file, fmt::format("service.tls.key_file: others may read the key (mode {:04o})", status.st_mode & 0777),
         fmt::format("chmod 600 {}", file));
}

void identify(SSL_CTX* context, TlsOptions& options) {
  if (options.cert_file.empty()) return;
  read_file(options.cert_file, largest_pem);
  if (SSL_CTX_use_certificate_chain_file(context, options.cert_file.c_str()) != 1) {
    refuse(options.cert_file, "service.tls.cert_file: no certificate in it", "expected certificates in PEM form");
  }
  read_file(options.key_file, largest_pem);
  refuse_shared_key(options.key_file);
  SSL_CTX_set_default_passwd_cb(context, &TlsHooks::passphrase);
  SSL_CTX_set_default_passwd_cb_userdata(context, &options.key_passphrase);
  if (SSL_CTX_use_PrivateKey_file(context, options.key_file.c_str(), SSL_FILETYPE_PEM) == 1) return;
  const bool mismatch = ERR_GET_REASON(ERR_peek_last_error()) == X509_R_KEY_VALUES_MISMATCH;
  if (mismatch) {
    refuse(options.key_file, fmt::format("service.tls.key_file: not the key of {}", options.cert_file),
           "cert_file and key_file belong together");
  }
  refuse(options.key_file, "service.tls.key_file: no key in it that can be read",
         "expected a key in PEM form; an encrypted one needs the right key_passphrase");
}

// Certificate names are looked for without the dot that may end a host's name (RFC 6066, section 3).
std::string without_trailing_dot(std::string host) {
  if (host.size() > 1 && host.back() == '.') host.pop_back();
  return host;
}

bool is_address(const std::string& host) {
  ASN1_OCTET_STRING* address = a2i_IPADDRESS(host.c_str());
  ERR_clear_error();
  ASN1_OCTET_STRING_free(address);
  return address != nullptr;
}

}  // namespace

TlsContext::TlsContext(TlsOptions options) : options_(std::move(options)), context_(SSL_CTX_new(TLS_client_method())) {
  BURSTGATE_ASSERT(context_ != nullptr);
  options_.host = without_trailing_dot(options_.host);
  try {
    SSL_CTX_set_min_proto_version(context_, number_of(options_.min_version));
    SSL_CTX_set_max_proto_version(context_, number_of(options_.max_version));
    SSL_CTX_set_options(context_, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
    SSL_CTX_set_mode(context_, SSL_MODE_RELEASE_BUFFERS);  // an idle connection keeps no buffers of 16 KiB
    if (options_.verify) {
      trust(context_, options_.ca_file);
      SSL_CTX_set_verify(context_, SSL_VERIFY_PEER, &TlsHooks::verify);
    }
    identify(context_, options_);
    SSL_CTX_set_session_cache_mode(
        context_, options_.resumption ? SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL : SSL_SESS_CACHE_OFF);
    if (options_.resumption) SSL_CTX_sess_set_new_cb(context_, &TlsHooks::new_ticket);
    const std::string offer = static_cast<char>(options_.alpn.size()) + options_.alpn;
    SSL_CTX_set_alpn_protos(context_, reinterpret_cast<const unsigned char*>(offer.data()),
                            static_cast<unsigned>(offer.size()));
  } catch (...) {
    SSL_CTX_free(context_);
    throw;
  }
}

TlsContext::~TlsContext() {
  SSL_CTX_free(context_);
}

void TlsContext::name_peer(SSL* ssl) const {
  const char* host = options_.host.c_str();
  if (is_address(options_.host)) {
    X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host);
  } else {
    SSL_set_tlsext_host_name(ssl, host);
    SSL_set1_host(ssl, host);
  }
}

TlsTicket::~TlsTicket() {
  SSL_SESSION_free(session_);
}

void TlsTicket::keep(SSL_SESSION* session) {
  SSL_SESSION_free(std::exchange(session_, session));
}

TlsSession::TlsSession(const TlsContext& context, TlsTicket& ticket)
    : context_(context), ticket_(ticket), ssl_(SSL_new(context.get())) {
  BURSTGATE_ASSERT(ssl_ != nullptr);
  SSL_set_app_data(ssl_, this);
  BIO* bio = BIO_new(bio_method());
  BIO_set_data(bio, this);
  BIO_set_init(bio, 1);
  SSL_set_bio(ssl_, bio, bio);
  context.name_peer(ssl_);
  if (context.options().resumption && ticket.get() != nullptr) SSL_set_session(ssl_, ticket.get());
  SSL_set_connect_state(ssl_);
}

TlsSession::~TlsSession() {
  // A session whose connection ended without a farewell may be resumed all the same.
  if (SSL_is_init_finished(ssl_) == 1) SSL_set_shutdown(ssl_, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
  SSL_free(ssl_);
}

TlsSession::Handshake TlsSession::handshake() {
  if (opening_.size() < opening_bytes) opening_ += unread_.substr(0, opening_bytes - opening_.size());
  const int result = SSL_do_handshake(ssl_);
  if (result == 1) return alpn_is_right() ? Handshake::done : Handshake::failed;
  const int error = SSL_get_error(ssl_, result);
  if (error == SSL_ERROR_WANT_READ && !ended_) return Handshake::wants_bytes;
  if (trouble_.what.empty()) trouble_ = describe_failure(error);
  ERR_clear_error();
  return Handshake::failed;
}

// What was not offered is no answer (RFC 7301, section 3.1), and h2 must have been chosen.
bool TlsSession::alpn_is_right() {
  const unsigned char* name = nullptr;
  unsigned size = 0;
  SSL_get0_alpn_selected(ssl_, &name, &size);
  const std::string_view chosen(reinterpret_cast<const char*>(name), size);
  const std::string& asked = context_.options().alpn;
  if (chosen == asked || (chosen.empty() && asked != "h2")) return true;
  trouble_ = {
      fmt::format("negotiated {}, configured {}", chosen.empty() ? "no protocol" : visible(chosen), asked),
      asked == "h2" ? "let the service offer h2, or leave out service.http" : "the service chose what was not offered"};
  return false;
}

TlsTrouble TlsSession::describe_failure(int error) const {
  const TlsOptions& options = context_.options();
  if (opening_.starts_with("HTTP/")) return {"the peer speaks plain HTTP", "use http://"};
  const unsigned long code = ERR_peek_error();
  const int reason = ERR_GET_REASON(code);
  if (code == 0 || error == SSL_ERROR_SYSCALL || reason == SSL_R_UNEXPECTED_EOF_WHILE_READING) {
    return {"connection closed during the TLS handshake", "does the service speak TLS on this port?"};
  }
  switch (reason) {
    case SSL_R_TLSV1_ALERT_PROTOCOL_VERSION:
    case SSL_R_UNSUPPORTED_PROTOCOL:
      return {fmt::format("no version of TLS in common: allowed here are {} to {}", words_of(options.min_version),
                          words_of(options.max_version)),
              "see service.tls.min_version and max_version", false, true};
    case SSL_R_TLSV1_ALERT_NO_APPLICATION_PROTOCOL:
      return {fmt::format("the service does not offer {} (alert no_application_protocol)", options.alpn),
              options.alpn == "h2" ? "let it offer h2, or leave out service.http" : "does it speak http/1.1?"};
    case SSL_R_BAD_EXTENSION:
      return {fmt::format("the service chose a protocol that was not offered, configured {}", options.alpn),
              "look into its TLS settings"};
    case SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED:
      return {"the service wants a client certificate", "name it in service.tls.cert_file and key_file"};
    case SSL_R_WRONG_VERSION_NUMBER:
      return {fmt::format("the peer does not speak TLS: it began with '{}'", visible(opening_)), "use http://"};
    default:
      return {fmt::format("TLS failed: {}", ERR_reason_error_string(code)), ""};
  }
}

TlsSession::Read TlsSession::read(char* into, std::size_t room, std::size_t& size) {
  const int result = SSL_read_ex(ssl_, into, room, &size);
  if (result == 1) return Read::data;
  const int error = SSL_get_error(ssl_, result);
  const bool received_close = (SSL_get_shutdown(ssl_) & SSL_RECEIVED_SHUTDOWN) != 0;
  const bool missing = ended_ && unread_.empty();
  if (error == SSL_ERROR_SSL && !missing) trouble_ = describe_failure(error);
  ERR_clear_error();
  if (error == SSL_ERROR_ZERO_RETURN && received_close) return Read::closed;
  if (missing) return Read::truncated;
  return error == SSL_ERROR_WANT_READ ? Read::wants_bytes : Read::failed;
}

bool TlsSession::write(std::string_view plain) {
  std::size_t taken = 0;
  if (SSL_write_ex(ssl_, plain.data(), plain.size(), &taken) == 1) return true;
  ERR_clear_error();
  return false;
}

void TlsSession::say_close() {
  if (SSL_is_init_finished(ssl_) == 1) SSL_shutdown(ssl_);
  ERR_clear_error();
}

std::string TlsSession::negotiated() const {
  return fmt::format("{}, {}", SSL_get_version(ssl_), SSL_get_cipher_name(ssl_));
}

bool TlsSession::resumed() const {
  return SSL_session_reused(ssl_) == 1;
}

}  // namespace burstgate::protocol

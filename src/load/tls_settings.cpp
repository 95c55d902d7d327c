#include "load/tls_settings.hpp"

namespace burstgate::load {

namespace {

protocol::TlsVersion version(config::TlsVersion version) {
  return version == config::TlsVersion::v1_2 ? protocol::TlsVersion::v1_2 : protocol::TlsVersion::v1_3;
}

}  // namespace

protocol::TlsOptions tls_options(const config::Service& service, const protocol::Url& url) {
  const config::Tls& tls = service.tls;
  return {.host = tls.server_name.empty() ? url.host : tls.server_name,
          .alpn = service.http == config::HttpVersion::http2 ? "h2" : "http/1.1",
          .verify = !tls.insecure,
          .ca_file = tls.ca_file,
          .cert_file = tls.cert_file,
          .key_file = tls.key_file,
          .key_passphrase = tls.key_passphrase.text,
          .resumption = tls.resumption,
          .min_version = version(tls.min_version),
          .max_version = version(tls.max_version)};
}

std::shared_ptr<const protocol::TlsContext> tls_context(const config::Service& service, const protocol::Url& url) {
  if (!url.is_tls()) return nullptr;
  return std::make_shared<const protocol::TlsContext>(tls_options(service, url));
}

}  // namespace burstgate::load

// TLS as a plan's service wants it, in the protocol room's words.
#pragma once

#include <memory>

#include "config/plan.hpp"
#include "protocol/tls.hpp"
#include "protocol/url.hpp"

namespace burstgate::load {

protocol::TlsOptions tls_options(const config::Service& service, const protocol::Url& url);

// Nothing for cleartext. Error (Trouble::usage): certificates or key cannot be used.
std::shared_ptr<const protocol::TlsContext> tls_context(const config::Service& service, const protocol::Url& url);

}  // namespace burstgate::load

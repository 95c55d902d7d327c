// A certificate in words, for the message that it was refused.
#pragma once

#include <string>

#include "protocol/tls.hpp"

struct x509_st;

namespace burstgate::protocol {

// `error`: X509_V_ERR_..., of the certificate `at`; `leaf`: the service's own. `host`: whom it should be for.
TlsTrouble certificate_trouble(int error, x509_st* at, x509_st* leaf, const std::string& host);

}  // namespace burstgate::protocol

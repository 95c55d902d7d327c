#include "protocol/tls_certificate.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <array>
#include <ctime>
#include <memory>
#include <vector>

#include "base/text.hpp"
#include "base/utc_time.hpp"

namespace burstgate::protocol {

namespace {

constexpr std::size_t longest_name = 120;
constexpr std::size_t most_names = 10;

std::string shown(std::string_view text) {
  return visible(elided(text, longest_name));
}

std::string text_of(const X509_NAME* name) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> out(BIO_new(BIO_s_mem()), &BIO_free);
  X509_NAME_print_ex(out.get(), name, 0, XN_FLAG_RFC2253 & ~static_cast<unsigned long>(ASN1_STRFLGS_ESC_MSB));
  char* text = nullptr;
  const long size = BIO_get_mem_data(out.get(), &text);
  return size > 0 ? shown({text, static_cast<std::size_t>(size)}) : "(none)";
}

std::string text_of(const ASN1_TIME* time) {
  std::tm broken_down{};
  const bool readable = ASN1_TIME_to_tm(time, &broken_down) == 1;
  const bool writable = readable && broken_down.tm_year >= 70 && broken_down.tm_year < 9999 - 1900;
  return writable ? to_iso8601(timegm(&broken_down)) : "(odd date)";
}

std::string text_of_address(const ASN1_OCTET_STRING* address) {
  const int family = ASN1_STRING_length(address) == 16 ? AF_INET6 : AF_INET;
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (family == AF_INET && ASN1_STRING_length(address) != 4) return "(odd address)";
  inet_ntop(family, ASN1_STRING_get0_data(address), text.data(), text.size());
  return text.data();
}

std::string names_of(X509* certificate) {
  const std::unique_ptr<GENERAL_NAMES, decltype(&GENERAL_NAMES_free)> names(
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)),
      &GENERAL_NAMES_free);
  const int count = names ? sk_GENERAL_NAME_num(names.get()) : 0;
  std::vector<std::string> words;
  for (int i = 0; i < count && words.size() < most_names; ++i) {
    int type = 0;
    const void* value = GENERAL_NAME_get0_value(sk_GENERAL_NAME_value(names.get(), i), &type);
    if (type == GEN_DNS) {
      const auto* name = static_cast<const ASN1_STRING*>(value);
      words.push_back(shown({reinterpret_cast<const char*>(ASN1_STRING_get0_data(name)),
                             static_cast<std::size_t>(ASN1_STRING_length(name))}));
    } else if (type == GEN_IPADD) {
      words.push_back(text_of_address(static_cast<const ASN1_OCTET_STRING*>(value)));
    }
  }
  if (static_cast<std::size_t>(count) > most_names) words.push_back("...");
  return words.empty() ? "no names" : "names " + join(words, " ");
}

std::string description(X509* leaf) {
  return fmt::format("subject {}, issuer {}, {}, valid {} to {}", text_of(X509_get_subject_name(leaf)),
                     text_of(X509_get_issuer_name(leaf)), names_of(leaf), text_of(X509_get0_notBefore(leaf)),
                     text_of(X509_get0_notAfter(leaf)));
}

constexpr const char* trust_it = "name the certificate that signed it in service.tls.ca_file";

TlsTrouble reason(int error, X509* at, const std::string& host) {
  switch (error) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return {fmt::format("certificate expired {}", text_of(X509_get0_notAfter(at))), "renew it", true};
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return {fmt::format("certificate not valid before {}", text_of(X509_get0_notBefore(at))),
              "check the clocks of both machines", true};
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return {fmt::format("certificate is not for {}", host),
              "use a name that it has: in the URL, or in service.tls.server_name"};
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
      return {"certificate is self-signed, and nobody said to trust it", trust_it};
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
      return {"certificate is of an unknown issuer, or the service left out those between",
              fmt::format("{}, or let the service send its whole chain", trust_it)};
    default:
      return {fmt::format("certificate refused: {}", X509_verify_cert_error_string(error)), trust_it};
  }
}

}  // namespace

TlsTrouble certificate_trouble(int error, X509* at, X509* leaf, const std::string& host) {
  TlsTrouble trouble = reason(error, at != nullptr ? at : leaf, host);
  if (at != nullptr && at != leaf && X509_cmp(at, leaf) != 0) {
    trouble.what += fmt::format(" (that of {})", text_of(X509_get_subject_name(at)));
  }
  if (leaf != nullptr) trouble.what += "; " + description(leaf);
  return trouble;
}

}  // namespace burstgate::protocol

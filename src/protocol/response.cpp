#include "protocol/response.hpp"

namespace burstgate::protocol {

std::string_view name(Anomaly anomaly) {
  switch (anomaly) {
    case Anomaly::bare_lf:
      return "bare_lf";
    case Anomaly::length_and_chunked:
      return "length_and_chunked";
    case Anomaly::leading_crlf:
      return "leading_crlf";
    case Anomaly::extra_bytes:
      return "extra_bytes";
    case Anomaly::unsolicited:
      return "unsolicited";
    case Anomaly::goaway_retry:
      return "goaway_retry";
    case Anomaly::refused_retry:
      return "refused_retry";
  }
  return "unknown";
}

}  // namespace burstgate::protocol

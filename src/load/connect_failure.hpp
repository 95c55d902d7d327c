// What it means that a connection could not be made.
#pragma once

#include <boost/asio/error.hpp>
#include <cerrno>

#include "load/asio.hpp"
#include "measure/measurement.hpp"

namespace burstgate::load {

inline measure::Failure connect_failure(const error_code& error) {
  using measure::Failure;
  if (error == asio::error::connection_refused) return Failure::refused;
  if (error == asio::error::timed_out) return Failure::connect_timeout;
  // Our own shortages: descriptors, local ports.
  switch (error.value()) {
    case EMFILE:
    case ENFILE:
    case EADDRNOTAVAIL:
    case EADDRINUSE:
      return Failure::generator;
    default:
      return Failure::connect;
  }
}

}  // namespace burstgate::load

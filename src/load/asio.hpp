// Asio as this room uses it: one io_context per thread, so no executor needs to be type-erased or locked.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>

#include "load/clock.hpp"

namespace burstgate::load {

namespace asio = boost::asio;
using boost::system::error_code;

using Executor = asio::io_context::executor_type;
template <typename T>
using Task = asio::awaitable<T, Executor>;
using Tcp = asio::ip::tcp;
using Socket = asio::basic_stream_socket<Tcp, Executor>;
using Timer = asio::basic_waitable_timer<Clock, asio::wait_traits<Clock>, Executor>;

// co_await operation(..., into(error)): the error code instead of an exception.
inline auto into(error_code& error) {
  return asio::redirect_error(asio::use_awaitable_t<Executor>{}, error);
}

// For asio::co_spawn: a coroutine that throws is a bug of ours: out of run() with it, not into silence.
inline void rethrow(std::exception_ptr error) {
  if (error) std::rethrow_exception(error);
}

}  // namespace burstgate::load

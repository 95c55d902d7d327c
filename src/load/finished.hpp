// A request or message has ended: it enters the thread's account and the live figures.
#pragma once

#include "load/thread_state.hpp"
#include "load/virtual_user.hpp"

namespace burstgate::load {

// Trying again at once would only spin.
bool is_unreachable(measure::Failure failure);

Performed account_for(ThreadState& thread, const FinishedRequest& finished);

}  // namespace burstgate::load

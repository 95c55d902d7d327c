// Secrets in URLs on the command line. Every process of the machine may read them there, so they are blanked as soon as
// they have been read, and the user is told of a better place.
#pragma once

#include <span>

namespace burstgate::cli {

// Writes '*' over user info and query values of every URL among the words (in place, so that /proc/PID/cmdline
// changes). True when there were any.
bool hide_secrets(std::span<char*> words);

}  // namespace burstgate::cli

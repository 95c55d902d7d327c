// Forms of known tools that are not read, with the form that is: better than "not known".
#pragma once

#include "importers/source.hpp"

namespace burstgate::importers {

// Error (E-556) when the file is one of them.
void refuse_unread(Source& source);

}  // namespace burstgate::importers

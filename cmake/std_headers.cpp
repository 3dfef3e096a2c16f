// SPDX-License-Identifier: EUPL-1.2
// A target must have a source; this one exists for the headers alone.
#include "cmake/std_headers.hpp"

// SPDX-License-Identifier: EUPL-1.2
// `freigabectl courier ingest`: the backend's side of a stick. Apart from courier.cpp because it
// brings the backend with it.
#pragma once

#include "kiosk/ctl/options.hpp"

namespace ctl {

/// options  with a folder as second word, --store, --receipt-key, and --issuer and --json if given.
int courier_ingest(const Options& options);

}  // namespace ctl

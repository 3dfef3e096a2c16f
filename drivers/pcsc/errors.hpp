// SPDX-License-Identifier: EUPL-1.2
// PC/SC return codes as errors of ours, one row each, as they were seen with pcscd (eid.md, "PC/SC
// errors seen"). Pure, any thread. Norm: PC/SC part 5, pcsclite.h.
#pragma once

#include "drivers/base/result.hpp"

namespace pcsc {

/// The error behind a PC/SC code other than success; device_failed for codes without a meaning to
/// us.
[[nodiscard]] base::Errc errc_of(long code);
/// The failure side of a Result; detail = the code.
[[nodiscard]] tl::unexpected<base::Error> fail(long code, const char* where);

}  // namespace pcsc

// SPDX-License-Identifier: EUPL-1.2
// Bounds of the kiosk's patience with syncd.
#pragma once

#include "drivers/base/limits.hpp"

namespace limits {

// With a line, syncd asks at least once a round. Three rounds without a word, milliseconds: it is
// stopped or stuck, and what it said of the line counts no more.
inline constexpr std::uint32_t syncd_silent_ms_max = 3 * sync_round_ms;

}  // namespace limits

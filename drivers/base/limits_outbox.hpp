// SPDX-License-Identifier: EUPL-1.2
// Bounds of the kiosk's patience with syncd.
#pragma once

#include "drivers/base/limits.hpp"

namespace limits {

// With a line, syncd asks at least once a round. Three rounds without a word, milliseconds: it is
// stopped or stuck, and what it said of the line counts no more.
inline constexpr std::uint32_t syncd_silent_ms_max = 3 * sync_round_ms;

// Connections that may wait at a socket of the kiosk: one of each syncd that was started since the
// last question, which may be days. A dead one costs the kernel about 1 kB.
inline constexpr int socket_waiting_max = 64;
// Whoever was turned away there looks again after sign_reconnect_ms; half a second more for a slow
// machine, milliseconds.
inline constexpr std::uint32_t turned_away_ms_max = sign_reconnect_ms + 500;

}  // namespace limits

// SPDX-License-Identifier: EUPL-1.2
// Bounds of the reader that citizens hold the codes of their slips to.
#pragma once

#include <cstddef>
#include <cstdint>

namespace limits {

// The longest code is an authority's invitation, 1,400 letters (seal::invitation_bytes_max); a
// take-back code is a check code of at most 1,024, a sign and 22 letters. Before any of them may
// stand the address of the page that checks slips, 256 letters at most.
inline constexpr std::size_t slip_code_bytes_max = 1'400 + 256;
static_assert(slip_code_bytes_max >= 1'024 + 1 + 22 + 256);

// A reader sends a code in one go: at 9,600 baud, the slowest setting, a letter takes 1 ms. A pause
// of so many milliseconds ends what was begun, so that half a code never joins the next one.
inline constexpr std::uint64_t slip_gap_ms = 200;

// How much is taken from the line at once: a USB packet of 64 bytes, four of them.
inline constexpr std::size_t slip_read_bytes = 256;

// Behind something that is no code, so much time passes before more is read: a device that sends
// without end wakes the program ten times a second at most.
inline constexpr int slip_noise_wait_ms = 100;

// A device that is not there is looked for so often: a wake-up in three seconds, and whoever plugs
// it in again waits no longer than that.
inline constexpr int slip_reopen_wait_ms = 3'000;

// A reader sees the same picture several times a second: between two codes lies at least so much,
// and what it sends meanwhile is dropped.
inline constexpr int slip_pause_ms = 1'000;

}  // namespace limits

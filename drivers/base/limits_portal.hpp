// SPDX-License-Identifier: EUPL-1.2
// Bounds of portals and of published statistics.
#pragma once

#include <cstddef>
#include <cstdint>

namespace limits {

// A link code is typed at home: two weeks, then the person makes another one at a terminal.
inline constexpr std::uint64_t link_code_ms_max = 14ULL * 24 * 3'600 * 1'000;
// Wrong codes of one portal account in a quarter of an hour. A code has 100 bits: this makes
// guessing visible, it is not what keeps it out.
inline constexpr unsigned link_failures_max = 10;
inline constexpr std::uint64_t link_window_ms = 15ULL * 60 * 1'000;
inline constexpr std::size_t link_accounts_max = 4'096;
inline constexpr std::size_t portal_page_rows = 100;
// An export opens each declaration, 2 ms each; nobody gives 200.
inline constexpr std::size_t export_records_max = 200;
// Effects on the parts of one declaration: sixteen recipients, each ended and suspended many times.
inline constexpr std::size_t export_effects_max = 1'024;

// k of domain 5.2 (STA-01), and tens; two years of months.
inline constexpr std::uint64_t statistics_persons_min = 10;
inline constexpr std::uint64_t statistics_step = 10;
inline constexpr int statistics_months_max = 24;
inline constexpr std::uint64_t statistics_grace_ms = 24ULL * 3'600 * 1'000;

}  // namespace limits

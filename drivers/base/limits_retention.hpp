// SPDX-License-Identifier: EUPL-1.2
// Periods after which the backend deletes, and how much it does at once.
#pragma once

#include <cstddef>
#include <cstdint>

namespace limits {

// Claims from social law lapse four years after the year they arose in (§ 45 SGB I): five years
// from the end of a consent cover any of them. Three (§ 195 BGB) are the least that may be set.
inline constexpr std::uint32_t evidence_days_default = 5 * 366;
inline constexpr std::uint32_t evidence_days_min = 3 * 366;
inline constexpr std::uint32_t evidence_days_max = 30 * 366;
// § 31a(3): with the underlying data, after six months at the latest.
inline constexpr std::uint32_t objection_days_max = 181;
// K5: what a terminal was to fetch, and an invitation that is over. A terminal that has not asked
// for half a year is out of service.
inline constexpr std::uint64_t message_ms_max = 183ULL * 24 * 3'600 * 1'000;
// Entries that one step looks at or deletes; a step then takes some 100 ms of the writer's time.
inline constexpr std::size_t purge_entries_max = 200;

}  // namespace limits

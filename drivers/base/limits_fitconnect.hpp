// SPDX-License-Identifier: EUPL-1.2
// Bounds of the FIT-Connect adapter. Origin, where none is given: FIT-Connect, "Getting started,
// sending a submission" and its interface description, version 2.
#pragma once

#include <cstddef>
#include <cstdint>

namespace limits {

// A submission that was announced and never sent disappears after a day; one hour of it is ours to
// leave unused, because clocks differ.
inline constexpr std::uint64_t fit_announced_ms_max = 23ULL * 3'600 * 1'000;
// One that nobody fetched disappears after fourteen days.
inline constexpr std::uint64_t fit_fetched_ms_max = 14ULL * 24 * 3'600 * 1'000;
// A first look for the recipient's word after five minutes, then each hour: people fetch mail
// during office hours, and a withdrawal has been in force here since it was ingested.
inline constexpr std::uint64_t fit_look_ms = 5ULL * 60 * 1'000;
inline constexpr std::uint64_t fit_look_again_ms = 3'600ULL * 1'000;
// After a failure: doubled from ten seconds up to an hour. After a refusal of the recipient: a day,
// so that people can mend what was wrong.
inline constexpr std::uint64_t fit_retry_ms_min = 10ULL * 1'000;
inline constexpr std::uint64_t fit_retry_ms_max = 3'600ULL * 1'000;
inline constexpr std::uint64_t fit_refused_ms = 24ULL * 3'600 * 1'000;
// Who takes a row keeps it this long from the others: longer than its requests may take together.
inline constexpr std::uint64_t fit_claim_ms = 10ULL * 60 * 1'000;
inline constexpr std::uint32_t fit_request_ms_max = 60'000;
inline constexpr std::size_t fit_step_rows_max = 20;
// A case of ours has one submission: create, submit, notify, accept and delete are five events.
inline constexpr std::size_t fit_events_max = 100;
inline constexpr std::size_t fit_destinations_max = 1'000;
// Tokens live half an hour; the last minute is not used.
inline constexpr std::uint64_t fit_token_spare_ms = 60'000;

}  // namespace limits

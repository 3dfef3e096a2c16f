// SPDX-License-Identifier: EUPL-1.2
// Bounds of what authorities, their programs and portals exchange with the backend.
#pragma once

#include <cstddef>
#include <cstdint>

namespace limits {

// A body of an authority's program: some ids, codes and dates; the largest, a report of an access
// with 32 categories of 64 bytes, comes to 3 kB.
inline constexpr std::size_t exchange_body_bytes_max = 4'096;

inline constexpr std::size_t id_bytes_max = 64;
// Reports of accesses. The catalogue knows 18 categories; kept and shown for two years (IDNrG 9).
inline constexpr std::size_t access_categories_max = 32;
inline constexpr std::uint64_t access_age_ms_max = 2ULL * 366 * 24 * 3'600 * 1'000;
// How far another computer's clock may run ahead of ours.
inline constexpr std::uint64_t clock_skew_ms_max = 300'000;

// A request for a release is shown for a quarter at most; then the authority may ask again.
inline constexpr std::uint64_t request_days_max = 92;

// Insight. A page is signed and sealed, each of which makes 4 bytes of 3: 16,000 become 21,400 and
// then 29,000, below the largest JWE. It is padded to one of four sizes. A request holds a
// key, a pseudonym and at most one slip of 1,400 bytes; 2,800 bytes become 5,200.
inline constexpr std::size_t insight_page_bytes_max = 16'000;
inline constexpr std::size_t insight_size_classes = 4;
static_assert(insight_page_bytes_max % insight_size_classes == 0);
static_assert((insight_page_bytes_max * 4 / 3 + 600) * 4 / 3 + 1'000 < 32'768);
inline constexpr std::size_t insight_request_bytes_max = 3'072;
inline constexpr std::size_t insight_body_bytes_max = 8'192;
// Two years of an access a day by each of six authorities.
inline constexpr std::size_t insight_rows_max = 5'000;
// Of one release: 16 recipients and 8 sources, about their release and its withdrawal. 40 of 280
// bytes and 16 parts leave a row below a page.
inline constexpr std::size_t insight_statuses_max = 40;
static_assert(insight_statuses_max * 280 + 32 * 100 + 512 < insight_page_bytes_max);
// One person looks at some pages; a terminal has one person at a time. 60 pages a minute hold 3,000
// rows.
inline constexpr unsigned insight_requests_max = 60;
inline constexpr std::uint64_t insight_window_ms = 60'000;
inline constexpr std::size_t insight_terminals_max = 4'096;

// Webhooks. One delivery, with connecting, may take five seconds: a receiver that only stores a
// token needs milliseconds. The lease outlives one delivery; after a crash another instance waits
// no longer than that. Waits as for a terminal: full jitter, one second to ten minutes.
inline constexpr std::uint32_t webhook_request_ms_max = 5'000;
inline constexpr std::uint64_t webhook_lease_ms = 8'000;
static_assert(webhook_lease_ms > webhook_request_ms_max);
inline constexpr std::uint64_t webhook_wait_ms_min = 1'000;
inline constexpr std::uint64_t webhook_wait_ms_max = 600'000;
// A token that a receiver has refused so often as wrong (400), over minutes, is passed over, so
// that it does not keep the others back (I7).
inline constexpr unsigned webhook_refusals_max = 8;
inline constexpr std::size_t webhook_url_bytes_max = 500;

}  // namespace limits

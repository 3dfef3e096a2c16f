// SPDX-License-Identifier: EUPL-1.2
// Bounds of the journal's care for itself: proofs, compaction, what the backend says of our chain.
#pragma once

#include <cstddef>
#include <cstdint>

#include "drivers/base/limits.hpp"

namespace limits {

// Proofs of inclusion that are asked for at once: as many as a batch has records. Each has at most
// 64 hashes, so the answer stays below 150 kB.
inline constexpr std::size_t inclusion_indexes_max = batch_records_max;
// Rows whose sealed bytes go in one transaction: about 110 kB of content, 20 ms on eMMC; a
// withdrawal that comes meanwhile waits no longer than that.
inline constexpr std::size_t compact_rows_max = 32;
// A head of our own chain as the backend gives it back: a compact JWS of about 400 characters.
inline constexpr std::size_t chain_head_bytes_max = 1'024;
// One entry in the frame that tells how our chains stand at the backend: epoch 4, next_seq 8,
// length 2, head.
inline constexpr std::size_t chains_bytes_max = epochs_max * (14 + chain_head_bytes_max);
static_assert(chains_bytes_max < set_bytes_max);
// syncd asks how our chains stand at its start and once an hour, besides after each refusal.
inline constexpr std::uint64_t chains_round_ms = 3'600'000;
// Alarms that a technician sees: one row a kind.
inline constexpr std::size_t foreign_heads_max = 64;
// The forecast looks at the growth of the last four weeks.
inline constexpr std::uint64_t size_days_max = 28;
// A person's own copy and what authorities said of it: as long as the backend keeps the evidence by
// default (limits::evidence_days_default). What still stands then is shown by the backend's
// insight.
inline constexpr std::uint64_t own_copy_days_max = 5 * 366;
// The note of a record whose outcome nobody knows: 110 bytes of JSON, see sync/journal/untold.hpp.
inline constexpr std::size_t untold_bytes_max = 256;

}  // namespace limits

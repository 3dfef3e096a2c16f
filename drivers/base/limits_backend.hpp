// SPDX-License-Identifier: EUPL-1.2
// Bounds of the backend at scale: its database connections, its sequencer and its listener. Apart
// from limits.hpp so that a change here does not rebuild the kiosk.
#pragma once

#include <cstddef>
#include <cstdint>

#include "drivers/base/limits.hpp"

namespace limits {

// PostgreSQL. A transaction that lost against another is begun anew: two that cross meet once, a
// crowd on one row a few times. Pauses of 1, 2, 4 .. 64 ms, each drawn between half and all of it:
// 127 ms in all at most, before the sender is told to come again.
inline constexpr unsigned conflict_attempts_max = 8;
inline constexpr unsigned conflict_pause_ms_min = 1;
// What the server itself ends, milliseconds. A statement of ours takes milliseconds; a session that
// holds locks and says nothing belongs to a paused or cut-off instance, and everybody else waits
// for it.
inline constexpr std::uint32_t store_statement_ms_max = 10'000;
inline constexpr std::uint32_t store_idle_transaction_ms_max = 5'000;
static_assert(store_wait_ms_max < store_statement_ms_max);
// Until a silent database counts as gone: connect_timeout and tcp_user_timeout of libpq; a probe
// after 5 s of silence, then every 2 s, and three without an answer are the end (11 s).
inline constexpr unsigned store_connect_s_max = 5;
inline constexpr std::uint32_t store_tcp_ms_max = 10'000;
inline constexpr unsigned store_probe_after_s = 5;
inline constexpr unsigned store_probe_every_s = 2;
inline constexpr unsigned store_probes_max = 3;
// Columns of an INSERT of many rows: four times those of the widest.
inline constexpr std::size_t insert_columns_max = 64;
// Sequencer. Rounds of its holder, its least sign of life, and how long the others wait for one: a
// round is one commit and the rest of it is distance; three missed beats are a holder that is gone.
inline constexpr std::uint32_t sequencer_round_ms = 250;
inline constexpr std::uint32_t lease_beat_ms = 1'000;
inline constexpr std::uint32_t lease_ms_max = 3'000;
static_assert(lease_ms_max >= 3 * lease_beat_ms);
// Others look for the growth of the log this often while one of their requests waits for it.
inline constexpr std::uint32_t follower_look_ms_min = 50;
// How long a request waits for its place in the log: the holder may die and be replaced meanwhile.
inline constexpr std::uint32_t receipt_wait_ms_max = 5'000;
static_assert(receipt_wait_ms_max > lease_ms_max + 2 * sequencer_round_ms);
// Requests that may wait so at a time; each holds its connection.
inline constexpr std::size_t waiting_answers_max = 128;
static_assert(waiting_answers_max < http_connections_max);
// Answers that are long work (an inbox of 200 sealed declarations: 0.2 s) are made one at a time in
// steps, between which everybody else is served: 16 declarations, about 20 ms. So many may stand in
// line: the last of one certificate has its answer after some 3 s, the last of all after 13 s.
inline constexpr std::size_t work_step_items = 16;
inline constexpr std::size_t work_answers_peer_max = 16;
inline constexpr std::size_t work_answers_max = 64;
// Requests of one certificate. A terminal that drains a week sends some 25 batches in a row and
// then one in ten seconds; an authority's case workers, a hundred with a page of six requests each,
// make ten a second.
inline constexpr std::uint64_t request_burst_max = 200;
inline constexpr std::uint64_t requests_per_s = 50;
inline constexpr std::size_t request_peers_max = 8'192;

// Two instances that start at once make the same tables; the loser looks again.
inline constexpr unsigned migration_attempts_max = 20;

}  // namespace limits

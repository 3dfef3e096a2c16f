// SPDX-License-Identifier: EUPL-1.2
#include "sync/backend/log/lease.hpp"

#include "drivers/base/check.hpp"
#include "drivers/base/log.hpp"
#include "sync/backend/store/retry.hpp"

namespace backend {
namespace {

// A beat below zero: nobody holds it.
constexpr std::int64_t free_beat = -1;

constexpr Statement read_lease{"SELECT term, beat FROM sequencer_lease WHERE id = 1"};
// Only from the state that was seen: of several candidates one wins, and a beat in between keeps
// the holder in office.
constexpr Statement take_lease{
    "UPDATE sequencer_lease SET term = term + 1, beat = 0, holder = $1"
    " WHERE id = 1 AND term = $2 AND beat = $3 RETURNING term"};
constexpr Statement beat_lease{
    "UPDATE sequencer_lease SET beat = beat + 1 WHERE id = 1 AND term = $1 RETURNING beat"};
constexpr Statement free_lease{"UPDATE sequencer_lease SET beat = -1 WHERE id = 1 AND term = $1"};

}  // namespace

base::Result<bool> Lease::tend(Store& store, std::uint64_t now_ms) {
    if (held()) return true;
    TRY(rows, store.run(read_lease, {}));
    CHECK(rows.size() == 1);
    const Beat found{rows[0].number(0), rows[0].number(1)};
    if (seen_ != found) {
        seen_ = found;
        seen_ms_ = now_ms;
    }
    const bool silent = now_ms - seen_ms_ >= limits::lease_ms_max;
    if (found.beat != free_beat && !silent) return false;
    // One statement is its own transaction; if it is undone for another one, that one has won.
    TRY(taken, store.run(take_lease, {holder_, found.term, found.beat}));
    if (taken.empty()) return false;
    term_ = taken[0].number(0);
    seen_.reset();
    base::log(base::LogEvent::lease_taken);
    return true;
}

base::Result<void> Lease::fence(Store& store) {
    CHECK(held());
    TRY(rows, store.run(beat_lease, {*term_}));
    if (!rows.empty()) return {};
    term_.reset();
    base::log(base::LogEvent::lease_lost);
    return base::fail(base::Errc::journal_locked, "log.lease");
}

base::Result<void> Lease::release(Store& store) {
    if (!held()) return {};
    const std::int64_t term = *term_;
    term_.reset();
    TRY_VOID(store.run(free_lease, {term}));
    return {};
}

}  // namespace backend

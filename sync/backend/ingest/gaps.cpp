// SPDX-License-Identifier: EUPL-1.2
#include "sync/backend/ingest/gaps.hpp"

#include "sync/backend/store/columns.hpp"
#include "sync/backend/store/retry.hpp"

namespace backend {
namespace {

// Whatever was filled since begins to wait anew.
constexpr Statement note{
    "INSERT INTO chain_gap (terminal, epoch, seq, since_ms) VALUES ($1, $2, $3, $4)"
    " ON CONFLICT (terminal) DO UPDATE SET epoch = excluded.epoch, seq = excluded.seq,"
    " since_ms = CASE WHEN EXISTS (SELECT 1 FROM chain c WHERE c.terminal = chain_gap.terminal"
    "  AND c.epoch = chain_gap.epoch AND c.next_seq > chain_gap.seq)"
    " THEN excluded.since_ms ELSE chain_gap.since_ms END"};
constexpr Statement read_open{
    "SELECT COUNT(*), COALESCE(MIN(g.since_ms), 0) FROM chain_gap g"
    " JOIN terminal t ON t.terminal = g.terminal WHERE t.revoked_ms IS NULL"
    " AND NOT EXISTS (SELECT 1 FROM chain c WHERE c.terminal = g.terminal"
    "  AND c.epoch = g.epoch AND c.next_seq > g.seq)"};

}  // namespace

base::Result<void> note_gap(Store& store, const Place& from, std::uint64_t now_ms) {
    const std::int64_t epoch = from.epoch;
    TRY_VOID(with_retries([&] {
        return store.run(note,
                         {from.terminal.get(), epoch, column_of(from.seq), column_of(now_ms)});
    }));
    return {};
}

base::Result<OpenGaps> open_gaps(Store& store) {
    TRY(rows, store.run(read_open, {}));
    return OpenGaps{rows.at(0).count(0), rows.at(0).count(1)};
}

}  // namespace backend

// SPDX-License-Identifier: EUPL-1.2
// Sealed bytes go as soon as nobody needs them here: the backend has acknowledged them, and its
// receipt's leaf is proved to be in its verified log (deletion classes K3 and K4, I5). Header, leaf
// and signed head stay, so the chain can be checked as before; of a protective act the scopes stay
// too, since they say what it ended. The pages are overwritten with zeros (secure_delete) and used
// again, so the file stops growing.
#include "drivers/base/check.hpp"
#include "drivers/base/limits_journal.hpp"
#include "drivers/base/log.hpp"
#include "sync/journal/core.hpp"

namespace journal {
namespace {

constexpr const char* compactable_sql =
    "SELECT position FROM record r WHERE jwe <> '' AND EXISTS(SELECT 1 FROM receipt "
    "WHERE position = r.position AND lane = 0 AND proven > 0) ORDER BY position LIMIT ?";
// REPLACE, since it deletes and inserts: only a deletion lets pages that are nearly empty join, so
// that their room comes back. An UPDATE left each row a page of its own (measured).
constexpr const char* compact_sql =
    "REPLACE INTO record SELECT position, epoch, seq, kind, protective, leaf, header, "
    "CASE protective WHEN 1 THEN scopes ELSE x'' END, '', head FROM record WHERE position = ?";

base::Result<std::vector<std::uint64_t>> read_compactable(Database& db, std::size_t rows_max) {
    std::vector<std::uint64_t> positions;
    TRY(query, db.query(compactable_sql));
    query.bind(std::uint64_t{rows_max});
    for (;;) {
        TRY(row, query.step());
        if (!row) return positions;
        positions.push_back(query.number(0));
    }
}

base::Result<std::size_t> compact_rows(Core& core, std::size_t rows_max) {
    // Asked between any two turns of the worker, and mostly there is nothing.
    if (!core.compaction_due()) return std::size_t{0};
    TRY(positions, read_compactable(core.db(), rows_max));
    core.set_compaction_due(positions.size() == rows_max);
    if (positions.empty()) return std::size_t{0};
    TRY_VOID(core.set_size_bound(true));
    TRY(transaction, Transaction::begin(core.db()));
    for (const std::uint64_t position : positions) {
        TRY(compact, core.db().query(compact_sql));
        TRY_VOID(compact.bind(position).run());
    }
    TRY_VOID(transaction.commit());
    // The log still holds the pages as they were: it is emptied now, so that the bytes are gone.
    core.empty_log();
    base::log(base::LogEvent::records_compacted,
              {{"count", static_cast<std::int64_t>(positions.size())}});
    return positions.size();
}

}  // namespace

base::Result<std::size_t> Journal::compact(std::size_t rows_max) {
    CHECK(rows_max >= 1);
    CHECK(rows_max <= limits::compact_rows_max);
    return core_->guarded([&] { return compact_rows(*core_, rows_max); });
}

}  // namespace journal

// SPDX-License-Identifier: EUPL-1.2
// What is unsent, as exact bodies. Computed from rows and receipts each time, so nothing can be
// forgotten: a row leaves this list by a verified receipt only (I7).
#include <algorithm>

#include "drivers/base/check.hpp"
#include "sync/journal/core.hpp"
#include "sync/model/batch.hpp"

namespace journal {
namespace {

constexpr const char* first_unsent_sql = "SELECT position FROM unsent ORDER BY position LIMIT 1";
constexpr const char* from_position_sql =
    "SELECT epoch, seq, header, scopes, jwe, head FROM record r WHERE position >= ? "
    "AND NOT EXISTS(SELECT 1 FROM moved WHERE position = r.position) ORDER BY position LIMIT ?";
// The leading run of protective rows goes first in the next batch anyway.
constexpr const char* first_other_unsent_sql =
    "SELECT position FROM unsent WHERE protective = 0 ORDER BY position LIMIT 1";
constexpr const char* advance_sql =
    "SELECT epoch, seq, header, scopes, jwe, head FROM record r JOIN unsent u USING(position) "
    "WHERE u.protective = 1 AND r.position > ? "
    "AND NOT EXISTS(SELECT 1 FROM receipt WHERE position = r.position) "
    "ORDER BY r.position LIMIT ?";

// While the backend asks again for what it has lost.
constexpr const char* advance_again_sql =
    "SELECT epoch, seq, header, scopes, jwe, head FROM record WHERE protective = 1 AND jwe <> '' "
    "AND position >= ? ORDER BY position LIMIT ?";

struct Row {
    std::uint32_t epoch = 1;
    std::uint64_t seq = 0;
    model::Record record;
    std::string head;
};

base::Result<std::vector<Row>> read_rows(Database& db, const char* sql, std::uint64_t position,
                                         std::size_t rows_max) {
    std::vector<Row> rows;
    TRY(query, db.query(sql));
    query.bind(position).bind(std::uint64_t{rows_max});
    for (;;) {
        TRY(row, query.step());
        if (!row) return rows;
        rows.push_back({static_cast<std::uint32_t>(query.number(0)),
                        query.number(1),
                        {query.blob(2), query.blob(3), query.text(4)},
                        query.text(5)});
    }
}

/// Where the next batch begins: at the first unsent row, or before it at the first one that the
/// backend has lost; 0 = nowhere.
base::Result<std::uint64_t> first_to_send(Core& core) {
    TRY(unsent, core.db().number(first_unsent_sql));
    if (!core.resend()) return unsent;
    const std::uint64_t end = unsent == 0 ? core.tip().position + 1 : unsent;
    if (core.resend()->chain < end) return core.resend()->chain;
    core.set_resend(std::nullopt);
    return unsent;
}

base::Result<std::vector<Row>> advance_rows(Core& core) {
    if (core.resend()) {
        TRY(again, read_rows(core.db(), advance_again_sql, core.resend()->advance,
                             limits::batch_records_max));
        if (!again.empty()) return again;
    }
    TRY(first_other, core.db().number(first_other_unsent_sql));
    if (first_other == 0) return std::vector<Row>();
    return read_rows(core.db(), advance_sql, first_other, limits::batch_records_max);
}

}  // namespace

base::Result<std::string> Journal::next_batch(std::size_t records_max) {
    CHECK(records_max >= 1);
    CHECK(records_max <= limits::batch_records_max);
    return core_->guarded([&]() -> base::Result<std::string> {
        TRY(first, first_to_send(*core_));
        if (first == 0) return std::string();
        TRY(rows, read_rows(core_->db(), from_position_sql, first, records_max));
        // A batch is of one epoch; the next one begins with the next epoch.
        const std::uint32_t epoch = rows.front().epoch;
        const auto end = std::find_if(rows.begin(), rows.end(),
                                      [&](const Row& row) { return row.epoch != epoch; });
        rows.erase(end, rows.end());
        model::Batch batch;
        batch.terminal = core_->options().terminal;
        batch.epoch = epoch;
        batch.from = rows.front().seq;
        batch.to = rows.back().seq;
        batch.head = rows.back().head;
        for (Row& row : rows) batch.records.push_back(std::move(row.record));
        return model::encode(batch);
    });
}

base::Result<std::string> Journal::next_advance() {
    return core_->guarded([&]() -> base::Result<std::string> {
        TRY(rows, advance_rows(*core_));
        if (rows.empty()) return std::string();
        model::Advance advance;
        advance.terminal = core_->options().terminal;
        for (Row& row : rows) {
            advance.copies.push_back({std::move(row.head), std::move(row.record)});
        }
        return model::encode(advance);
    });
}

}  // namespace journal

// SPDX-License-Identifier: EUPL-1.2
// What is unsent, as exact bodies. Computed from rows and receipts each time, so nothing can be
// forgotten: a row leaves this list by a verified receipt only (I7).
#include <algorithm>

#include "drivers/base/check.hpp"
#include "sync/journal/bodies.hpp"
#include "sync/journal/last_common.hpp"
#include "sync/model/batch.hpp"

namespace journal {
namespace {

constexpr const char* unsent_behind_sql =
    "SELECT position FROM unsent WHERE position > ? ORDER BY position LIMIT 1";
constexpr const char* still_there_sql =
    "SELECT position FROM record r WHERE position >= ? AND NOT EXISTS(SELECT 1 FROM moved WHERE "
    "position = r.position) ORDER BY position LIMIT 1";
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

// While the backend asks again for what it has lost. What was compacted has its scopes, and they
// are what counts.
constexpr const char* advance_again_sql =
    "SELECT epoch, seq, header, scopes, jwe, head FROM record r WHERE protective = 1 AND "
    "position >= ? AND NOT EXISTS(SELECT 1 FROM moved WHERE position = r.position) "
    "ORDER BY position LIMIT ?";

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

base::Result<std::uint64_t> unsent_behind(Database& db, std::uint64_t behind) {
    TRY(query, db.query(unsent_behind_sql));
    query.bind(behind);
    TRY(row, query.step());
    return row ? query.number(0) : 0;
}

/// The first row from this position on that was not chained anew elsewhere; 0 = none.
base::Result<std::uint64_t> still_there(Database& db, std::uint64_t position) {
    TRY(query, db.query(still_there_sql));
    TRY(row, query.bind(position).step());
    return row ? query.number(0) : 0;
}

/// One by one it shows which row the backend refuses.
bool alone(const Core& core) {
    return core.search().has_value() || (core.in_doubt() && !core.cloned());
}

std::uint64_t batch_size(const Core& core) {
    return alone(core) ? 1 : core.batch_records();
}

/// 0 = nothing that is acknowledged is copied again.
std::uint64_t copied_again_from(const Core& core) {
    const std::uint64_t lost = core.resend() ? core.resend()->advance : 0;
    if (lost == 0 || core.copy_again() == 0) return std::max(lost, core.copy_again());
    return std::min(lost, core.copy_again());
}

/// Rows to be copied ahead that lie behind a position.
base::Result<std::vector<Row>> advance_rows(Core& core, std::uint64_t behind) {
    if (const std::uint64_t from = copied_again_from(core); from != 0) {
        TRY(again, read_rows(core.db(), advance_again_sql, std::max(from, behind + 1),
                             limits::batch_records_max));
        if (!again.empty()) return again;
    }
    // What the very next batch carries needs no copy; what lies behind it must not wait for that
    // batch, which may be refused (I7).
    TRY(first_unsent, unsent_behind(core.db(), behind));
    if (first_unsent == 0) return std::vector<Row>();
    const std::uint64_t batch_end = first_unsent + batch_size(core) - 1;
    TRY(first_other, core.db().number(first_other_unsent_sql));
    const std::uint64_t carried = first_other == 0 ? batch_end : std::min(first_other, batch_end);
    return read_rows(core.db(), advance_sql, std::max(carried, behind), limits::batch_records_max);
}

/// A copied machine's next batch: behind those that were refused, and at the end from the front.
base::Result<std::uint64_t> first_to_offer(Core& core) {
    if (core.search()) {
        TRY(wanted, wanted_for_search(core));
        if (wanted != 0) return std::uint64_t{wanted};
    }
    if (!core.cloned()) return first_to_send(core, 0);
    TRY(behind, first_to_send(core, core.refused().to));
    if (behind != 0) return std::uint64_t{behind};
    core.set_refused({});
    return first_to_send(core, 0);
}

}  // namespace

base::Result<std::uint64_t> first_to_send(Core& core, std::uint64_t behind) {
    TRY(unsent, unsent_behind(core.db(), behind));
    if (!core.resend()) return unsent;
    const std::uint64_t end = unsent == 0 ? core.tip().position + 1 : unsent;
    TRY(again, still_there(core.db(), std::max(core.resend()->chain, behind + 1)));
    const bool lacks = again != 0 && again < end;
    // A receipt for that one moves it on.
    if (behind == 0 && lacks) core.set_resend(Core::Resend{again, core.resend()->advance});
    if (behind == 0 && !lacks) core.set_resend(std::nullopt);
    return lacks ? again : unsent;
}

base::Result<BatchBody> batch_body(Core& core, std::uint64_t position, std::size_t records_max) {
    TRY(rows, read_rows(core.db(), from_position_sql, position, records_max));
    // A batch is of one epoch; the next one begins with the next epoch.
    const std::uint32_t epoch = rows.front().epoch;
    const auto end =
        std::find_if(rows.begin(), rows.end(), [&](const Row& row) { return row.epoch != epoch; });
    rows.erase(end, rows.end());
    model::Batch batch;
    batch.terminal = core.options().terminal;
    batch.epoch = epoch;
    batch.from = rows.front().seq;
    batch.to = rows.back().seq;
    batch.head = rows.back().head;
    for (Row& row : rows) batch.records.push_back(std::move(row.record));
    return BatchBody{model::encode(batch), batch.records.size()};
}

base::Result<std::string> advance_body(Core& core, std::uint64_t behind) {
    TRY(rows, advance_rows(core, behind));
    if (rows.empty()) return std::string();
    model::Advance advance;
    advance.terminal = core.options().terminal;
    for (Row& row : rows) {
        advance.copies.push_back({std::move(row.head), std::move(row.record)});
    }
    return model::encode(advance);
}

base::Result<std::string> Journal::next_batch(std::size_t records_max) {
    CHECK(records_max >= 1);
    CHECK(records_max <= limits::batch_records_max);
    return core_->guarded([&]() -> base::Result<std::string> {
        core_->set_batch_records(records_max);
        TRY(first, first_to_offer(*core_));
        if (first == 0) return std::string();
        core_->set_offered({first, alone(*core_)});
        TRY(body, batch_body(*core_, first, alone(*core_) ? 1 : records_max));
        // Rows of one epoch stand one behind the other.
        core_->set_refused({core_->refused().to, first + body.records - 1});
        return std::move(body.text);
    });
}

base::Result<std::string> Journal::next_advance() {
    return core_->guarded([&] { return advance_body(*core_, 0); });
}

}  // namespace journal

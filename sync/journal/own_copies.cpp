// SPDX-License-Identifier: EUPL-1.2
// The citizen's own copies go by their wish, or when the evidence period of the record is over
// (deletion class K4, LR-59). A copy is no part of the chain: record, head and receipt stay, and
// with them what an act ends. What authorities said about the declaration goes with it. The pages
// are overwritten with zeros (secure_delete), and the log is emptied at once.
#include <algorithm>

#include "drivers/base/check.hpp"
#include "drivers/base/limits_journal.hpp"
#include "drivers/base/log.hpp"
#include "sync/journal/core.hpp"
#include "sync/model/declaration_json.hpp"
#include "sync/seal/view.hpp"

namespace journal {
namespace {

constexpr std::uint64_t copy_day_ms = 24ULL * 3'600 * 1'000;
constexpr std::int64_t own_copy_class = 4;

constexpr const char* holder_copies_sql =
    "SELECT v.position, r.epoch, r.seq, v.sealed FROM view v JOIN record r "
    "ON r.position = v.position WHERE v.idx = ?";
constexpr const char* all_copies_sql =
    "SELECT v.position, r.header FROM view v JOIN record r ON r.position = v.position "
    "ORDER BY v.position";
constexpr const char* drop_copy_sql = "DELETE FROM view WHERE position = ?";
constexpr const char* drop_events_of_sql = "DELETE FROM event WHERE declaration = ?";
constexpr const char* drop_old_events_sql = "DELETE FROM event WHERE at_ms < ?";

/// The row that holds this person's copy of this declaration; 0 = there is none.
base::Result<std::uint64_t> find_copy(Core& core, const seal::ViewKey& key, const base::Uuid& id) {
    const model::Digest index = seal::view_index(key);
    TRY(query, core.db().query(holder_copies_sql));
    query.bind(base::ByteView(index));
    for (;;) {
        TRY(row, query.step());
        if (!row) return std::uint64_t{0};
        const model::RecordKey place{core.options().terminal,
                                     static_cast<std::uint32_t>(query.number(1)), query.number(2)};
        TRY(plain, seal::open_view(query.blob(3), place, key));
        const auto declaration = model::parse_declaration(base::as_text(plain));
        base::wipe(plain);
        if (declaration && declaration->id == id) return query.number(0);
    }
}

/// When a record was made, as far as signed time can say: a wall clock ahead of it counts as now.
std::uint64_t made_ms(const model::Header& header, std::uint64_t now_ms) {
    return std::max(header.time.floor_ms, std::min(header.time.wall_ms, now_ms));
}

/// The oldest copies whose period is over.
base::Result<std::vector<std::uint64_t>> find_old(Core& core, std::uint64_t before_ms,
                                                  std::size_t rows_max) {
    std::vector<std::uint64_t> positions;
    TRY(query, core.db().query(all_copies_sql));
    while (positions.size() < rows_max) {
        TRY(row, query.step());
        if (!row) break;
        TRY(header, model::parse_header(query.blob(1)));
        if (made_ms(header, core.floor_ms()) < before_ms) positions.push_back(query.number(0));
    }
    return positions;
}

base::Result<void> drop_copies(Core& core, const std::vector<std::uint64_t>& positions) {
    for (const std::uint64_t position : positions) {
        TRY(drop, core.db().query(drop_copy_sql));
        TRY_VOID(drop.bind(position).run());
    }
    return {};
}

void log_dropped(std::size_t count) {
    base::log(base::LogEvent::records_deleted,
              {{"class", own_copy_class}, {"count", static_cast<std::int64_t>(count)}});
}

base::Result<bool> forget(Core& core, base::ByteView pseudonym, const base::Uuid& declaration) {
    const seal::ViewKey key = seal::view_key(pseudonym, core.salt());
    TRY(position, find_copy(core, key, declaration));
    if (position == 0) return false;
    TRY_VOID(core.set_size_bound(true));
    TRY(transaction, Transaction::begin(core.db()));
    TRY_VOID(drop_copies(core, {position}));
    {
        TRY(events, core.db().query(drop_events_of_sql));
        TRY_VOID(events.bind(base::ByteView(declaration.get())).run());
    }
    TRY_VOID(transaction.commit());
    core.empty_log();
    log_dropped(1);
    return true;
}

base::Result<std::size_t> forget_old(Core& core, std::size_t rows_max) {
    const std::uint64_t now_ms = core.floor_ms();
    const std::uint64_t period_ms = limits::own_copy_days_max * copy_day_ms;
    // Asked between any two turns of the worker; once a day is enough.
    if (now_ms <= period_ms || now_ms / copy_day_ms == core.copies_seen_day())
        return std::size_t{0};
    const std::uint64_t before_ms = now_ms - period_ms;
    TRY(positions, find_old(core, before_ms, rows_max));
    if (positions.size() < rows_max) core.set_copies_seen_day(now_ms / copy_day_ms);
    TRY_VOID(core.set_size_bound(true));
    TRY(transaction, Transaction::begin(core.db()));
    TRY_VOID(drop_copies(core, positions));
    {
        TRY(events, core.db().query(drop_old_events_sql));
        TRY_VOID(events.bind(before_ms).run());
    }
    TRY_VOID(transaction.commit());
    if (positions.empty()) return std::size_t{0};
    core.empty_log();
    log_dropped(positions.size());
    return positions.size();
}

}  // namespace

base::Result<bool> Journal::forget_copy(base::ByteView pseudonym, const base::Uuid& declaration) {
    return core_->guarded([&] { return forget(*core_, pseudonym, declaration); });
}

base::Result<std::size_t> Journal::forget_old_copies(std::size_t rows_max) {
    CHECK(rows_max >= 1);
    CHECK(rows_max <= limits::compact_rows_max);
    return core_->guarded([&] { return forget_old(*core_, rows_max); });
}

}  // namespace journal

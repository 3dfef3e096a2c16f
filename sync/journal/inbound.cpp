// SPDX-License-Identifier: EUPL-1.2
// What comes back: receipts and events. Nothing is believed that the backend's key did not sign and
// that does not name our own bytes.
#include <algorithm>

#include "drivers/base/handle.hpp"
#include "drivers/base/log.hpp"
#include "sync/journal/core.hpp"
#include "sync/journal/log_view.hpp"

namespace journal {
namespace {

using base::ByteView;
using base::Errc;

constexpr const char* row_of_seq_sql =
    "SELECT r.position, r.leaf, r.header FROM record r JOIN chain c ON c.epoch = r.epoch "
    "WHERE c.epoch = ? AND r.position = c.first + ? - 1 AND r.seq = ?";
constexpr const char* insert_set_sql = "INSERT INTO receipt_set(jti, token) VALUES(?, ?)";
constexpr const char* set_of_jti_sql = "SELECT id FROM receipt_set WHERE jti = ?";
// A place that is proved for the copy is proved for the chain's entry, too: they are one event.
constexpr const char* insert_receipt_sql =
    "INSERT OR IGNORE INTO receipt(position, lane, log_index, set_id, proven, generation) "
    "VALUES(?1, ?2, ?3, ?4, coalesce((SELECT max(proven) FROM receipt WHERE position = ?1 AND "
    "log_index = ?3 AND generation = ?5), 0), ?5)";
constexpr const char* other_place_sql =
    "SELECT s.token FROM receipt q JOIN receipt_set s ON s.id = q.set_id "
    "WHERE q.position = ? AND q.log_index <> ? AND q.generation >= ? LIMIT 1";
// What a log that was given up said of a row makes room for what the present one says.
constexpr const char* keep_given_up_sql =
    "INSERT OR IGNORE INTO receipt_given_up SELECT position, lane, generation, log_index, set_id, "
    "proven FROM receipt WHERE position = ? AND lane = ? AND generation < ?";
constexpr const char* drop_given_up_sql =
    "DELETE FROM receipt WHERE position = ? AND lane = ? AND generation < ?";
constexpr const char* insert_event_sql = "INSERT INTO event VALUES(?, ?, ?, ?, ?, ?)";
constexpr const char* cursor_sql = "SELECT event_cursor FROM meta";
constexpr const char* set_cursor_sql = "UPDATE meta SET event_cursor = ?";
constexpr const char* set_floors_sql = "UPDATE meta SET floor_ms = ?, contact_ms = ?";

/// Position of the row that the receipt speaks of, if leaf and ciphertext are ours.
base::Result<std::uint64_t> bind_to_row(Database& db, std::uint32_t epoch,
                                        const receipts::ReceivedRecord& received) {
    TRY(query, db.query(row_of_seq_sql));
    query.bind(epoch).bind(received.seq).bind(received.seq);
    TRY(row, query.step());
    if (!row) return base::fail(Errc::receipt_bad, "receipt for no row of ours");
    TRY(header, model::parse_header(query.blob(2)));
    if (!base::equal(query.blob(1), received.leaf) || header.jwe_sha256 != received.jwe_sha256) {
        return base::fail(Errc::receipt_bad, "receipt for other bytes");
    }
    return query.number(0);
}

/// Id of the stored token; a token that is known already keeps its id.
base::Result<std::uint64_t> keep_token(Database& db, const std::string& jti,
                                       std::string_view token) {
    {
        TRY(known, db.query(set_of_jti_sql));
        known.bind(std::string_view(jti));
        TRY(row, known.step());
        if (row) return known.number(0);
    }
    {
        TRY(insert, db.query(insert_set_sql));
        TRY_VOID(insert.bind(std::string_view(jti)).bind(token).run());
    }
    TRY(known, db.query(set_of_jti_sql));
    known.bind(std::string_view(jti));
    TRY(row, known.step());
    return row ? known.number(0) : 0;
}

/// What a signed message raises, whatever it says: both only ever rise (I16). What it says of the
/// log's size is no proof; `observed` rises with verified checkpoints (log_view.cpp).
struct Floors {
    std::uint64_t floor_ms = 0;
    std::uint64_t contact_ms = 0;
};

Floors raised(const Core& core, const receipts::Receipt& receipt) {
    const std::uint64_t signed_ms = receipt.issued_s * 1'000;
    return {std::max(core.floor_ms(), signed_ms), std::max(core.contact_ms(), signed_ms)};
}

base::Result<void> write_floors(Database& db, const Floors& floors) {
    TRY(update, db.query(set_floors_sql));
    return update.bind(floors.floor_ms).bind(floors.contact_ms).run();
}

void take_over(Core& core, const Floors& floors) {
    core.raise_floor(floors.floor_ms);
    core.raise_contact(floors.contact_ms);
    core.after_commit();
}

/// One record has one place in the log. A second one, signed as the first was, proves that the log
/// was begun anew from an older state (I13).
base::Result<void> compare_place(Core& core, std::uint64_t position, std::uint64_t log_index,
                                 std::string_view token) {
    std::string before;
    {
        TRY(query, core.db().query(other_place_sql));
        query.bind(position).bind(log_index).bind(core.log_generation());
        TRY(row, query.step());
        if (row) before = query.text(0);
    }
    if (before.empty()) return {};
    return add_log_conflict(core, before, token);
}

base::Result<void> replace_given_up(Core& core, std::uint64_t position, receipts::Lane lane) {
    for (const char* sql : {keep_given_up_sql, drop_given_up_sql}) {
        TRY(query, core.db().query(sql));
        TRY_VOID(query.bind(position)
                     .bind(static_cast<std::uint64_t>(lane))
                     .bind(core.log_generation())
                     .run());
    }
    return {};
}

base::Result<void> store_received(Core& core, const receipts::Receipt& receipt,
                                  const receipts::Received& received, std::string_view token) {
    // Of a log that is not followed yet it acknowledges as before, and proves nothing.
    const std::uint32_t generation = receipts::log_generation(receipt.issuer);
    if (generation < core.log_generation())
        return base::fail(Errc::receipt_bad, "receipt of a log that was given up");
    const Floors floors = raised(core, receipt);
    TRY_VOID(core.set_size_bound(true));
    TRY(transaction, Transaction::begin(core.db()));
    TRY(set_id, keep_token(core.db(), receipt.id, token));
    std::uint64_t first = 0;
    std::uint64_t last = 0;
    for (const receipts::ReceivedRecord& each : received.records) {
        TRY(position, bind_to_row(core.db(), received.epoch, each));
        if (first == 0) first = position;
        last = position;
        TRY_VOID(compare_place(core, position, each.log_index, token));
        if (generation == core.log_generation())
            TRY_VOID(replace_given_up(core, position, received.lane));
        TRY(insert, core.db().query(insert_receipt_sql));
        TRY_VOID(insert.bind(position)
                     .bind(static_cast<std::uint64_t>(received.lane))
                     .bind(each.log_index)
                     .bind(set_id)
                     .bind(generation)
                     .run());
    }
    TRY_VOID(write_floors(core.db(), floors));
    TRY_VOID(transaction.commit());
    core.note_received(received.lane, first, last);
    core.set_compaction_due(true);
    take_over(core, floors);
    base::log(base::LogEvent::receipt_stored,
              {{"epoch", received.epoch}, {"seq", static_cast<std::int64_t>(received.to)}});
    return {};
}

base::Result<void> store_applied(Core& core, std::uint64_t n, const receipts::Receipt& receipt,
                                 const receipts::Applied& applied, std::string_view token) {
    const Floors floors = raised(core, receipt);
    TRY_VOID(core.set_size_bound(true));
    TRY(transaction, Transaction::begin(core.db()));
    {
        TRY(insert, core.db().query(insert_event_sql));
        TRY_VOID(insert.bind(n)
                     .bind(ByteView(applied.declaration.get()))
                     .bind(std::string_view(applied.authority.get()))
                     .bind(static_cast<std::uint64_t>(applied.state))
                     .bind(applied.at_ms)
                     .bind(token)
                     .run());
        TRY(cursor, core.db().query(set_cursor_sql));
        TRY_VOID(cursor.bind(n).run());
    }
    TRY_VOID(write_floors(core.db(), floors));
    TRY_VOID(transaction.commit());
    take_over(core, floors);
    return {};
}

}  // namespace

base::Result<void> Journal::store_receipt(std::string_view set) {
    TRY(receipt, receipts::verify_any(set, core_->receipt_keys(), core_->options().terminal));
    const auto* received = std::get_if<receipts::Received>(&receipt.event);
    if (received == nullptr) return base::fail(Errc::receipt_bad, "no receipt of records");
    return core_->guarded([&] { return store_received(*core_, receipt, *received, set); });
}

base::Result<void> Journal::store_event(std::uint64_t n, std::string_view set) {
    TRY(receipt, receipts::verify_any(set, core_->receipt_keys(), core_->options().terminal));
    const auto* applied = std::get_if<receipts::Applied>(&receipt.event);
    if (applied == nullptr || n > INT64_MAX) return base::fail(Errc::receipt_bad, "no event");
    return core_->guarded([&]() -> base::Result<void> {
        TRY(cursor, core_->db().number(cursor_sql));
        if (n <= cursor) return {};
        return store_applied(*core_, n, receipt, *applied, set);
    });
}

base::Result<std::uint64_t> Journal::event_cursor() {
    return core_->guarded([this] { return core_->db().number(cursor_sql); });
}

}  // namespace journal

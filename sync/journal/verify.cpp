// SPDX-License-Identifier: EUPL-1.2
// The evidence check of a journal file.
#include "sync/journal/verify.hpp"

#include <algorithm>

#include "sync/journal/chain_check.hpp"
#include "sync/journal/examine.hpp"
#include "sync/journal/key_blob.hpp"
#include "sync/journal/schema.hpp"
#include "sync/receipts/receipt.hpp"

namespace journal {
namespace {

using base::Errc;

constexpr const char* integrity_sql = "PRAGMA quick_check(1)";
constexpr const char* checkpoint_sql = "SELECT note FROM checkpoint";
constexpr const char* meta_sql = "SELECT terminal, journal_key, receipt_key, observed FROM meta";
constexpr const char* views_sql = "SELECT count(*) FROM view";
constexpr const char* compacted_sql = "SELECT count(*) FROM record WHERE jwe = ''";
constexpr const char* tokens_sql = "SELECT id, token FROM receipt_set";
constexpr const char* rows_of_token_sql =
    "SELECT r.epoch, r.seq, r.leaf FROM receipt q JOIN record r ON r.position = q.position "
    "WHERE q.set_id = ?";
// What the receipts of a log that was given up say is evidence as before.
constexpr const char* rows_of_any_token_sql =
    "SELECT r.epoch, r.seq, r.leaf FROM (SELECT position FROM receipt WHERE set_id = ?1 UNION "
    "SELECT position FROM receipt_given_up WHERE set_id = ?1) q JOIN record r "
    "ON r.position = q.position";
constexpr const char* open_alarms_sql =
    "SELECT kind, count, first_ms, last_ms FROM alarm ORDER BY kind";
constexpr const char* given_up_sql =
    "SELECT note FROM log_given_up WHERE note <> '' ORDER BY generation";
constexpr const char* examined_version_sql = "PRAGMA user_version";
constexpr std::uint64_t examined_version_with_alarms = 3;
constexpr std::uint64_t examined_version_with_logs = 5;
constexpr const char* knows_foreign_sql =
    "SELECT count(*) FROM sqlite_schema WHERE name = 'foreign_head'";
constexpr const char* newest_foreign_sql = "SELECT coalesce(max(epoch), 0) FROM foreign_head";
constexpr const char* receipted_sql = "SELECT count(DISTINCT position) FROM receipt";

struct Meta {
    ChainExpectation chain;
    std::vector<crypto::Point> receipt_keys;
};

base::Result<Meta> read_meta(Database& db) {
    TRY(meta, db.query(meta_sql));
    TRY(row, meta.step());
    const base::Bytes terminal = row ? meta.blob(0) : base::Bytes();
    std::array<std::uint8_t, 16> id{};
    if (terminal.size() != id.size()) return base::fail(Errc::journal_open_failed, "meta");
    std::copy(terminal.begin(), terminal.end(), id.begin());
    TRY(journal_key, crypto::parse_point(crypto::Curve::p256, meta.blob(1)));
    TRY(receipt_keys, keys_of_blob(meta.blob(2)));
    return Meta{{base::Uuid(id), journal_key, meta.number(3)}, std::move(receipt_keys)};
}

bool names(const receipts::Received& received, std::uint64_t epoch, std::uint64_t seq,
           const base::Bytes& leaf) {
    for (const receipts::ReceivedRecord& each : received.records) {
        if (received.epoch == epoch && each.seq == seq) return base::equal(each.leaf, leaf);
    }
    return false;
}

/// Every row that counts as received must be named by a token that its key signed.
base::Result<std::optional<Broken>> check_receipts(Database& db, const Meta& meta) {
    TRY(version, db.number(examined_version_sql));
    const bool several = version >= examined_version_with_logs;
    TRY(tokens, db.query(tokens_sql));
    for (;;) {
        TRY(token, tokens.step());
        if (!token) return std::nullopt;
        const auto receipt =
            receipts::verify_any(tokens.text(1), meta.receipt_keys, meta.chain.terminal);
        const auto* received = receipt ? std::get_if<receipts::Received>(&receipt->event) : nullptr;
        TRY(rows, db.query(several ? rows_of_any_token_sql : rows_of_token_sql));
        rows.bind(tokens.number(0));
        for (;;) {
            TRY(row, rows.step());
            if (!row) break;
            if (received != nullptr &&
                names(*received, rows.number(0), rows.number(1), rows.blob(2))) {
                continue;
            }
            return Broken{static_cast<std::uint32_t>(rows.number(0)), rows.number(1), "receipt"};
        }
    }
}

/// The newest epoch that anybody has begun under this identity, as far as the file knows.
base::Result<std::uint32_t> newest_epoch(Database& db, const std::vector<EpochReport>& own) {
    std::uint64_t newest = own.empty() ? 0 : own.back().epoch;
    TRY(known, db.number(knows_foreign_sql));
    if (known != 0) {
        TRY(foreign, db.number(newest_foreign_sql));
        newest = std::max(newest, foreign);
    }
    return static_cast<std::uint32_t>(newest);
}

base::Result<std::vector<Alarm>> open_alarms(Database& db) {
    std::vector<Alarm> alarms;
    TRY(version, db.number(examined_version_sql));
    if (version < examined_version_with_alarms) return alarms;
    TRY(query, db.query(open_alarms_sql));
    for (;;) {
        TRY(row, query.step());
        if (!row) return alarms;
        alarms.push_back({static_cast<AlarmKind>(query.number(0)), query.number(1), query.number(2),
                          query.number(3)});
    }
}

base::Result<Report> examine(Database& db, const std::optional<crypto::Point>& journal_key) {
    TRY_VOID(require_known(db));
    Report report;
    {
        TRY(integrity, db.query(integrity_sql));
        TRY(row, integrity.step());
        if (!row || integrity.text(0) != "ok") {
            report.broken = Broken{0, 0, "file_structure"};
            return report;
        }
    }
    TRY(meta, read_meta(db));
    report.terminal = meta.chain.terminal;
    TRY(chain, check_chain(db, meta.chain, Signatures::all));
    const auto same = [&](const crypto::Point& key) { return key.bytes == journal_key->bytes; };
    if (journal_key && std::ranges::none_of(chain.keys, same)) {
        // The file's own word is not enough: whoever changed the file could have changed it, too.
        meta.chain.journal_key = *journal_key;
        TRY(by_that_key, check_chain(db, meta.chain, Signatures::all));
        chain = std::move(by_that_key);
    }
    report.keys = chain.keys.size();
    report.rows = chain.rows;
    report.epochs = std::move(chain.epochs);
    report.broken = chain.broken;
    TRY(newest, newest_epoch(db, report.epochs));
    report.newest_epoch = newest;
    TRY(views, db.number(views_sql));
    report.views = views;
    TRY(compacted, db.number(compacted_sql));
    report.compacted = compacted;
    TRY(receipted, db.number(receipted_sql));
    report.receipts = receipted;
    if (report.broken) return report;
    TRY(broken, check_receipts(db, meta));
    report.broken = broken;
    TRY(alarms, open_alarms(db));
    if (!report.broken) report.alarms = std::move(alarms);
    return report;
}

}  // namespace

base::Result<Report> verify_file(const std::filesystem::path& path,
                                 const std::optional<crypto::Point>& journal_key) {
    TRY(folder, PrivateFolder::make());
    TRY(db, open_copy(path, folder));
    auto report = examine(db, journal_key);
    // Not a database, or torn pages: for the technician the file itself is broken.
    if (!report && report.error().code == Errc::journal_io) {
        return base::fail(Errc::journal_open_failed, "examine", report.error().detail);
    }
    return report;
}

base::Result<std::string> held_checkpoint(const std::filesystem::path& path) {
    TRY(folder, PrivateFolder::make());
    TRY(db, open_copy(path, folder));
    TRY_VOID(require_known(db));
    TRY(note, db.query(checkpoint_sql));
    TRY(row, note.step());
    if (!row) return base::fail(Errc::receipt_bad, "no checkpoint yet");
    return std::string(note.text(0));
}

base::Result<std::vector<std::string>> given_up_checkpoints(const std::filesystem::path& path) {
    TRY(folder, PrivateFolder::make());
    TRY(db, open_copy(path, folder));
    TRY_VOID(require_known(db));
    std::vector<std::string> notes;
    TRY(version, db.number(examined_version_sql));
    if (version < examined_version_with_logs) return notes;
    TRY(query, db.query(given_up_sql));
    for (;;) {
        TRY(row, query.step());
        if (!row) return notes;
        notes.push_back(query.text(0));
    }
}

}  // namespace journal

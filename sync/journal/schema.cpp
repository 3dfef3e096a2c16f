// SPDX-License-Identifier: EUPL-1.2
// The tables of journal.db.
//   record    one row a declaration, in the order of recording over all epochs
//   chain     the head of each epoch, so that the tail of `record` cannot vanish unseen, and the
//             position of its first record: position = first + seq - 1 saves an index
//   view      the citizen's copy, findable by an index that names nobody
//   target    what a protective act is aimed at, to find what it ends
//   receipt   verified receipts per record and lane; set holds their exact text
//   event     what authorities did
//   checkpoint, log_conflict   the backend's log: what was verified, and what contradicts it
//   log_followed, log_given_up, receipt_given_up   a log that was begun anew: log_change.cpp
//   downstream   the newest root and the active manifest
//   alarm, alarm_closed   what a technician must look at, one row a kind; what was settled
//   foreign_head   heads that a key of ours has signed and that are not ours
//   size_day  how large it was, for the forecast
//   moved     rows that were chained anew in a later epoch; unsent: what the backend has not got
// A record without a jwe has been compacted: its header, leaf and head keep the chain whole.
#include "sync/journal/schema.hpp"

#include <array>

namespace journal {
namespace {

using base::Errc;

// "FRGJ": tells our files from any other SQLite file.
constexpr std::uint64_t application_id = 0x4652'474A;

constexpr const char* version_1_sql = R"sql(
PRAGMA application_id=1179797322;
CREATE TABLE meta(
    id INTEGER PRIMARY KEY CHECK(id = 1),
    terminal BLOB NOT NULL, salt BLOB NOT NULL, journal_key BLOB NOT NULL,
    receipt_key BLOB NOT NULL, observed INTEGER NOT NULL, floor_ms INTEGER NOT NULL,
    contact_ms INTEGER NOT NULL, event_cursor INTEGER NOT NULL) STRICT;
CREATE TABLE chain(
    epoch INTEGER PRIMARY KEY, base BLOB NOT NULL, first INTEGER NOT NULL,
    seq INTEGER NOT NULL, leaf BLOB NOT NULL) STRICT;
CREATE TABLE record(
    position INTEGER PRIMARY KEY, epoch INTEGER NOT NULL REFERENCES chain(epoch),
    seq INTEGER NOT NULL, kind INTEGER NOT NULL, protective INTEGER NOT NULL,
    leaf BLOB NOT NULL, header BLOB NOT NULL, scopes BLOB NOT NULL, jwe TEXT NOT NULL,
    head TEXT NOT NULL) STRICT;
CREATE TABLE view(
    position INTEGER PRIMARY KEY REFERENCES record(position), idx BLOB NOT NULL,
    sealed BLOB NOT NULL) STRICT;
CREATE INDEX view_idx ON view(idx);
CREATE TABLE target(
    value BLOB NOT NULL, position INTEGER NOT NULL REFERENCES record(position),
    target_kind INTEGER NOT NULL, PRIMARY KEY(value, position, target_kind)
    ) STRICT, WITHOUT ROWID;
CREATE TABLE receipt_set(id INTEGER PRIMARY KEY, jti TEXT NOT NULL UNIQUE, token TEXT NOT NULL)
    STRICT;
CREATE TABLE receipt(
    position INTEGER NOT NULL REFERENCES record(position), lane INTEGER NOT NULL,
    log_index INTEGER NOT NULL, set_id INTEGER NOT NULL REFERENCES receipt_set(id),
    PRIMARY KEY(position, lane)) STRICT, WITHOUT ROWID;
CREATE TABLE event(
    n INTEGER PRIMARY KEY, declaration BLOB NOT NULL, authority TEXT NOT NULL,
    state INTEGER NOT NULL, at_ms INTEGER NOT NULL, token TEXT NOT NULL) STRICT;
CREATE INDEX event_declaration ON event(declaration);
PRAGMA user_version=1;
)sql";

// The backend's log as it was verified last; and what contradicted it, which is evidence.
constexpr const char* version_2_sql = R"sql(
CREATE TABLE checkpoint(
    id INTEGER PRIMARY KEY CHECK(id = 1), size INTEGER NOT NULL, note TEXT NOT NULL) STRICT;
CREATE TABLE log_conflict(
    id INTEGER PRIMARY KEY, held TEXT NOT NULL, offered TEXT NOT NULL, wall_ms INTEGER NOT NULL)
    STRICT;
PRAGMA user_version=2;
)sql";

// Proofs that what receipts say is in the log, which compaction waits for. proven: size of the log
// in which it was proved, 0 = not yet; disputed: the log holds another record at that place.
// Epochs: reason 0 the first, 1 configured or a new key (key_change names it), 2 somebody else
// writes under our identity. base_position: the row that the epoch continues, 0 = the last one.
constexpr const char* version_3_sql = R"sql(
ALTER TABLE receipt ADD COLUMN proven INTEGER NOT NULL DEFAULT 0;
ALTER TABLE receipt ADD COLUMN disputed INTEGER NOT NULL DEFAULT 0;
CREATE INDEX receipt_unproven ON receipt(log_index) WHERE proven = 0 AND disputed = 0;
CREATE INDEX record_whole ON record(position) WHERE jwe <> '';
CREATE TABLE foreign_head(
    epoch INTEGER NOT NULL, seq INTEGER NOT NULL, leaf BLOB NOT NULL, token TEXT NOT NULL,
    wall_ms INTEGER NOT NULL, PRIMARY KEY(epoch, seq, leaf)) STRICT, WITHOUT ROWID;
CREATE TABLE moved(
    position INTEGER PRIMARY KEY REFERENCES record(position),
    successor INTEGER NOT NULL REFERENCES record(position)) STRICT;
CREATE INDEX moved_successor ON moved(successor);
ALTER TABLE chain ADD COLUMN reason INTEGER NOT NULL DEFAULT 0;
ALTER TABLE chain ADD COLUMN base_position INTEGER NOT NULL DEFAULT 0;
ALTER TABLE chain ADD COLUMN key_change TEXT NOT NULL DEFAULT '';
CREATE VIEW unsent AS SELECT position, protective FROM record r
    WHERE NOT EXISTS(SELECT 1 FROM receipt WHERE position = r.position AND lane = 0)
    AND NOT EXISTS(SELECT 1 FROM moved WHERE position = r.position);
CREATE TABLE size_day(day INTEGER PRIMARY KEY, used INTEGER NOT NULL) STRICT;
CREATE TABLE alarm(
    kind INTEGER PRIMARY KEY, count INTEGER NOT NULL, first_ms INTEGER NOT NULL,
    last_ms INTEGER NOT NULL) STRICT;
PRAGMA user_version=3;
)sql";

// What came down signed: the newest root and the active manifest, as files; no manifest is NULL.
constexpr const char* version_4_sql = R"sql(
CREATE TABLE downstream(
    id INTEGER PRIMARY KEY CHECK(id = 1), root BLOB NOT NULL, manifest BLOB,
    manifest_counts INTEGER NOT NULL) STRICT;
PRAGMA user_version=4;
)sql";

// The log that is followed by word of somebody who may say so, and those before it: what was
// verified of them, and what their receipts said once those of a later log took their place.
// generation: receipts::log_generation. alarm_closed: what was told before, and until when.
constexpr const char* version_5_sql = R"sql(
CREATE TABLE log_followed(
    id INTEGER PRIMARY KEY CHECK(id = 1), origin TEXT NOT NULL, keys BLOB) STRICT;
CREATE TABLE log_given_up(
    generation INTEGER PRIMARY KEY, note TEXT NOT NULL, observed INTEGER NOT NULL,
    wall_ms INTEGER NOT NULL) STRICT;
ALTER TABLE receipt ADD COLUMN generation INTEGER NOT NULL DEFAULT 1;
CREATE TABLE receipt_given_up(
    position INTEGER NOT NULL REFERENCES record(position), lane INTEGER NOT NULL,
    generation INTEGER NOT NULL, log_index INTEGER NOT NULL,
    set_id INTEGER NOT NULL REFERENCES receipt_set(id), proven INTEGER NOT NULL,
    PRIMARY KEY(position, lane, generation)) STRICT, WITHOUT ROWID;
CREATE TABLE alarm_closed(
    kind INTEGER NOT NULL, count INTEGER NOT NULL, first_ms INTEGER NOT NULL,
    last_ms INTEGER NOT NULL, closed_ms INTEGER NOT NULL, generation INTEGER NOT NULL) STRICT;
PRAGMA user_version=5;
)sql";

/// Step n brings version n to n + 1 and sets user_version itself, inside its transaction.
constexpr std::array<const char*, 5> migrations{version_1_sql, version_2_sql, version_3_sql,
                                                version_4_sql, version_5_sql};

constexpr const char* user_version_sql = "PRAGMA user_version";
constexpr const char* application_id_sql = "PRAGMA application_id";
constexpr const char* tables_sql = "SELECT count(*) FROM sqlite_schema";

/// The version of a file that is ours or empty.
base::Result<std::uint64_t> version_of(Database& db) {
    TRY(version, db.number(user_version_sql));
    TRY(application, db.number(application_id_sql));
    TRY(tables, db.number(tables_sql));
    if (tables == 0 && version == 0) return 0U;
    if (application != application_id || version == 0 || version > migrations.size()) {
        return base::fail(Errc::journal_schema_unknown, "schema version",
                          static_cast<std::uint32_t>(version));
    }
    return version;
}

}  // namespace

base::Result<void> bring_up_to_date(Database& db) {
    TRY(version, version_of(db));
    for (; version < migrations.size(); ++version) {
        TRY(transaction, Transaction::begin(db));
        TRY_VOID(db.execute(migrations.at(version)));
        TRY_VOID(transaction.commit());
    }
    return {};
}

base::Result<void> require_known(Database& db) {
    TRY(version, version_of(db));
    if (version == 0) {
        return base::fail(Errc::journal_schema_unknown, "schema version",
                          static_cast<std::uint32_t>(version));
    }
    return {};
}

}  // namespace journal

// SPDX-License-Identifier: EUPL-1.2
// The one SQLite connection of the journal.
#include "sync/journal/database.hpp"

#include <fcntl.h>
#include <unistd.h>

#include "drivers/base/check.hpp"
#include "sync/wal/wal.hpp"

namespace journal {
namespace {

using base::Errc;

// EXTRA while the file is being made a WAL file: the rollback journal of that one step is deleted,
// and if a power cut brought it back it would undo everything since (found by tests/crash).
constexpr const char* exclusive_sql = "PRAGMA locking_mode=EXCLUSIVE; PRAGMA synchronous=EXTRA";
constexpr const char* wal_sql = "PRAGMA journal_mode=WAL";
// FULL: with NORMAL a power cut may lose the last commits, and the citizen was told already.
constexpr const char* settings_sql =
    "PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY;"
    "PRAGMA secure_delete=ON; PRAGMA cell_size_check=ON; PRAGMA trusted_schema=OFF;"
    "PRAGMA wal_autocheckpoint=0";
// Takes the lock now, not with the first record.
constexpr const char* lock_sql = "BEGIN IMMEDIATE; COMMIT";
constexpr const char* examine_sql =
    "PRAGMA locking_mode=EXCLUSIVE; PRAGMA cell_size_check=ON; PRAGMA trusted_schema=OFF";

tl::unexpected<base::Error> failed(int code, const char* where) {
    return tl::unexpected<base::Error>(error_of(code, where));
}

/// An opening that fails for another reason than a lock or a full disk says so.
tl::unexpected<base::Error> open_failed(base::Error error) {
    if (error.code == Errc::journal_io) error.code = Errc::journal_open_failed;
    return tl::unexpected<base::Error>(error);
}

/// The file is for its owner only; the WAL takes its mode from it. O_EXCL, because closing a
/// descriptor of an existing file would drop SQLite's locks on it in this process.
void create_private(const std::string& path) {
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file >= 0) ::close(file);
}

base::Result<void> prepare_journal(Database& db) {
    TRY_VOID(db.execute(exclusive_sql));
    TRY(mode, db.query(wal_sql));
    TRY(row, mode.step());
    const bool is_wal = row && mode.text(0) == "wal";
    // The row comes before the change is committed: only the end of the statement tells whether it
    // was (found by tests/crash: with a failed sync here the file stayed in rollback mode).
    TRY(more, mode.step());
    if (!is_wal || more) return base::fail(Errc::journal_open_failed, "wal mode");
    return {};
}

}  // namespace

base::Error error_of(int sqlite_code, const char* where) {
    const auto detail = static_cast<std::uint32_t>(sqlite_code);
    switch (sqlite_code & 0xFF) {
        case SQLITE_FULL:
            return {Errc::journal_full, where, detail};
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return {Errc::journal_locked, where, detail};
        default:
            return {Errc::journal_io, where, detail};
    }
}

Query::Query(Query&& other) noexcept
    : db_(other.db_),
      statement_(std::exchange(other.statement_, nullptr)),
      bound_(other.bound_),
      bind_code_(other.bind_code_) {}

Query::~Query() {
    if (statement_ == nullptr) return;
    // Both repeat the code of the last step, which step() has reported already.
    (void)sqlite3_reset(statement_);
    (void)sqlite3_clear_bindings(statement_);
}

Query& Query::bind(std::uint64_t value) {
    CHECK(value <= INT64_MAX);
    const int code = sqlite3_bind_int64(statement_, ++bound_, static_cast<sqlite3_int64>(value));
    if (code != SQLITE_OK) bind_code_ = code;
    return *this;
}

Query& Query::bind(base::ByteView value) {
    const int code =
        sqlite3_bind_blob64(statement_, ++bound_, value.data(), value.size(), SQLITE_STATIC);
    if (code != SQLITE_OK) bind_code_ = code;
    return *this;
}

Query& Query::bind(std::string_view value) {
    const int code = sqlite3_bind_text64(statement_, ++bound_, value.data(), value.size(),
                                         SQLITE_STATIC, SQLITE_UTF8);
    if (code != SQLITE_OK) bind_code_ = code;
    return *this;
}

base::Result<bool> Query::step() {
    CHECK(bound_ == sqlite3_bind_parameter_count(statement_));
    if (bind_code_ != SQLITE_OK) return failed(bind_code_, "bind");
    const int code = sqlite3_step(statement_);
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    return failed(sqlite3_extended_errcode(db_), "step");
}

base::Result<void> Query::run() {
    TRY(row, step());
    CHECK(!row);
    return {};
}

std::uint64_t Query::number(int column) const {
    const sqlite3_int64 value = sqlite3_column_int64(statement_, column);
    return value < 0 ? 0 : static_cast<std::uint64_t>(value);
}

base::Bytes Query::blob(int column) const {
    const auto* data = static_cast<const std::uint8_t*>(sqlite3_column_blob(statement_, column));
    const int size = sqlite3_column_bytes(statement_, column);
    if (data == nullptr || size <= 0) return {};
    return {data, data + size};
}

std::string Query::text(int column) const {
    const base::Bytes bytes = blob(column);
    return {bytes.begin(), bytes.end()};
}

base::Result<Database> Database::open(const std::string& path, Access access,
                                      const std::string& vfs) {
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    if (access == Access::journal) {
        flags |= SQLITE_OPEN_CREATE;
        if (vfs.empty()) create_private(path);
    }
    sqlite3* raw = nullptr;
    const int code =
        sqlite3_open_v2(path.c_str(), &raw, flags, vfs.empty() ? nullptr : vfs.c_str());
    Database db{Db(raw)};
    if (code != SQLITE_OK) return open_failed(error_of(code, "open"));
    if (access == Access::examine) {
        if (auto done = db.execute(examine_sql); !done) return open_failed(done.error());
        return db;
    }
    wal::leave_on_close(raw);
    if (auto done = prepare_journal(db); !done) return open_failed(done.error());
    if (auto done = db.execute(settings_sql); !done) return open_failed(done.error());
    if (auto done = db.execute(lock_sql); !done) return open_failed(done.error());
    const int settled = wal::settle(raw);
    if (settled != SQLITE_OK) return open_failed(error_of(settled, "checkpoint"));
    return db;
}

base::Result<Query> Database::query(const char* sql) {
    auto found = statements_.find(sql);
    if (found == statements_.end()) {
        sqlite3_stmt* raw = nullptr;
        const int code =
            sqlite3_prepare_v3(db_.get(), sql, -1, SQLITE_PREPARE_PERSISTENT, &raw, nullptr);
        Stmt statement(raw);
        if (code != SQLITE_OK) return failed(code, "prepare");
        found = statements_.emplace(sql, std::move(statement)).first;
    }
    return Query(db_.get(), found->second.get());
}

base::Result<void> Database::execute(const char* sql) {
    const int code = sqlite3_exec(db_.get(), sql, nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) return failed(code, "execute");
    return {};
}

base::Result<std::uint64_t> Database::number(const char* sql) {
    TRY(question, query(sql));
    TRY(row, question.step());
    return row ? question.number(0) : 0;
}

base::Result<void> Database::checkpoint() {
    const int code = wal::copy(db_.get());
    if (code != SQLITE_OK) return failed(code, "checkpoint");
    return {};
}

base::Result<Transaction> Transaction::begin(Database& db) {
    TRY_VOID(db.execute("BEGIN IMMEDIATE"));
    return Transaction(db);
}

Transaction::~Transaction() {
    // After some errors SQLite has rolled back already; then this says so, and that is fine.
    if (db_ != nullptr) (void)db_->execute("ROLLBACK").has_value();
}

base::Result<void> Transaction::commit() {
    TRY_VOID(db_->execute("COMMIT"));
    db_ = nullptr;
    return {};
}

}  // namespace journal

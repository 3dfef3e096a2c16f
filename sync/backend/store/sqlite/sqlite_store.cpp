// SPDX-License-Identifier: EUPL-1.2
#include "sync/backend/store/sqlite/sqlite_store.hpp"

#include <algorithm>
#include <vector>

#include "drivers/base/check.hpp"
#include "drivers/base/limits.hpp"
#include "sync/backend/store/schema.hpp"
#include "sync/wal/wal.hpp"

namespace backend {
namespace {

// Pages in the log before they are copied into the file, 32 MiB. A batch of 50 records touches up
// to 800 pages, one for each entry of an index in a large database, so SQLite's own 1,000 would
// copy and sync after every batch. Measured with a million events stored: 250 us of processor time
// a record, and not 450. What a power cut leaves is read again in a tenth of a second.
constexpr const char* checkpoint_seldom = "PRAGMA wal_autocheckpoint=8000";

/// Resets a statement when it has been run, also on the way out of an error.
class Use {
  public:
    explicit Use(sqlite3_stmt* statement) : statement_(statement) {}
    ~Use() {
        // The code repeats that of the last step, which has been looked at already.
        (void)sqlite3_reset(statement_);
        (void)sqlite3_clear_bindings(statement_);
    }
    Use(const Use&) = delete;
    Use& operator=(const Use&) = delete;

  private:
    sqlite3_stmt* statement_;
};

int bind_one(sqlite3_stmt* statement, int index, const Param& param) {
    // The views live until the statement was reset, so SQLite needs no copy (SQLITE_STATIC).
    return std::visit(
        base::Overloaded{
            [&](std::nullptr_t) { return sqlite3_bind_null(statement, index); },
            [&](std::int64_t value) { return sqlite3_bind_int64(statement, index, value); },
            [&](std::string_view text) {
                return sqlite3_bind_text(statement, index, text.empty() ? "" : text.data(),
                                         static_cast<int>(text.size()), SQLITE_STATIC);
            },
            [&](base::ByteView bytes) {
                if (bytes.empty()) return sqlite3_bind_zeroblob(statement, index, 0);
                return sqlite3_bind_blob(statement, index, bytes.data(),
                                         static_cast<int>(bytes.size()), SQLITE_STATIC);
            }},
        param);
}

Value column_value(sqlite3_stmt* statement, int column) {
    switch (sqlite3_column_type(statement, column)) {
        case SQLITE_INTEGER:
            return Value(std::int64_t{sqlite3_column_int64(statement, column)});
        case SQLITE_TEXT: {
            const unsigned char* text = sqlite3_column_text(statement, column);
            const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement, column));
            return Value(std::string(base::as_text({text, size})));
        }
        case SQLITE_BLOB: {
            const auto* data =
                static_cast<const std::uint8_t*>(sqlite3_column_blob(statement, column));
            const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement, column));
            return size == 0 ? Value(base::Bytes{}) : Value(base::Bytes(data, data + size));
        }
        default:
            return Value(nullptr);
    }
}

}  // namespace

base::Result<std::unique_ptr<SqliteStore>> SqliteStore::open(const std::string& file,
                                                             const std::string& vfs) {
    std::unique_ptr<SqliteStore> store(new SqliteStore(file, vfs));
    TRY_VOID(store->connect());
    TRY_VOID(store->migrate());
    return store;
}

base::Result<void> SqliteStore::connect() {
    statements_.clear();
    db_.reset();
    sqlite3* raw = nullptr;
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    const int code =
        sqlite3_open_v2(file_.c_str(), &raw, flags, vfs_.empty() ? nullptr : vfs_.c_str());
    db_ = Db(raw);
    if (code != SQLITE_OK) {
        return base::fail(base::Errc::journal_open_failed, "backend.open",
                          static_cast<std::uint32_t>(code));
    }
    wal::leave_on_close(raw);
    return configure();
}

SqliteStore::~SqliteStore() {
    // So that a copy of the file alone is whole; if not, the next opening does it.
    if (db_ == nullptr || broken_ || file_ == ":memory:") return;
    sqlite3_busy_timeout(db_.get(), 0);
    (void)wal::copy(db_.get());
}

base::Result<void> SqliteStore::configure() {
    static constexpr Statement use_wal{"PRAGMA journal_mode=WAL"};
    sqlite3_extended_result_codes(db_.get(), 1);
    sqlite3_busy_timeout(db_.get(), static_cast<int>(limits::store_wait_ms_max));
    if (!vfs_.empty()) TRY_VOID(execute("PRAGMA locking_mode=EXCLUSIVE", "backend.configure"));
    // EXTRA while the file is being made a WAL file: see sync/journal/database.cpp.
    TRY_VOID(execute("PRAGMA synchronous=EXTRA", "backend.configure"));
    TRY(mode, run(use_wal, Params{}));
    const bool in_memory = file_ == ":memory:";
    if (mode.size() != 1 || (mode[0].text(0) != "wal" && !in_memory)) {
        return base::fail(base::Errc::journal_open_failed, "backend.wal");
    }
    // Simulated disks are small: SQLite's own measure makes them see both log and file.
    if (vfs_.empty()) TRY_VOID(execute(checkpoint_seldom, "backend.configure"));
    TRY_VOID(
        execute("PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
                "PRAGMA trusted_schema=OFF; PRAGMA cache_size=-65536;",
                "backend.configure"));
    return in_memory ? base::Result<void>() : settle_log();
}

/// Opens anew after an I/O error.
base::Result<void> SqliteStore::revive() {
    CHECK(file_ != ":memory:");
    broken_ = false;
    auto connected = connect();
    broken_ = !connected;
    return connected;
}

/// What the log holds may stand in the page cache only, if a sync failed before, be it in an
/// earlier process.
base::Result<void> SqliteStore::settle_log() {
    // Nobody is waited for: whoever else is at work has settled it, and keeps its index, by which
    // frames of a commit that failed are written over.
    sqlite3_busy_timeout(db_.get(), 0);
    const int code = wal::settle(db_.get());
    sqlite3_busy_timeout(db_.get(), static_cast<int>(limits::store_wait_ms_max));
    const bool busy = (code & 0xFF) == SQLITE_BUSY || (code & 0xFF) == SQLITE_LOCKED;
    if (code == SQLITE_OK || busy) return {};
    return tl::unexpected(error_of(code, "backend.settle"));
}

base::Result<std::uint64_t> SqliteStore::pragma(const Statement& statement) {
    TRY(rows, run(statement, Params{}));
    CHECK(rows.size() == 1);
    return rows[0].count(0);
}

base::Result<void> SqliteStore::migrate() {
    static constexpr Statement read_version{"PRAGMA user_version"};
    static constexpr Statement read_application{"PRAGMA application_id"};
    static constexpr Statement count_tables{"SELECT COUNT(*) FROM sqlite_schema"};
    TRY(transaction, Transaction::begin(*this));
    TRY(found, pragma(read_version));
    TRY(application, pragma(read_application));
    TRY(tables, pragma(count_tables));
    const bool empty = found == 0 && tables == 0;
    if (!empty &&
        (found == 0 || found > schema_migrations.size() || application != schema_application_id)) {
        return base::fail(base::Errc::journal_schema_unknown, "backend.migrate",
                          static_cast<std::uint32_t>(found));
    }
    for (std::size_t next = found; next < schema_migrations.size(); ++next) {
        const std::string step = std::string(schema_migrations[next]) +
                                 "PRAGMA application_id=" + std::to_string(schema_application_id) +
                                 ";PRAGMA user_version=" + std::to_string(next + 1) + ";";
        TRY_VOID(execute(step.c_str(), "backend.migrate"));
    }
    return transaction.commit();
}

base::Result<void> SqliteStore::begin() {
    if (broken_) TRY_VOID(revive());
    return execute("BEGIN IMMEDIATE", "backend.begin");
}

base::Result<void> SqliteStore::commit() {
    return execute("COMMIT", "backend.commit");
}

void SqliteStore::rollback() noexcept {
    // An engine error has usually rolled back already; a second ROLLBACK then fails and means
    // nothing.
    if (db_ != nullptr && sqlite3_get_autocommit(db_.get()) == 0) {
        (void)sqlite3_exec(db_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
    }
}

base::Result<void> SqliteStore::execute(const char* sql, const char* where) {
    const int code = sqlite3_exec(db_.get(), sql, nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) return tl::unexpected(error_of(code, where));
    return {};
}

base::Error SqliteStore::error_of(int code, const char* where) {
    broken_ = broken_ || (code & 0xFF) == SQLITE_IOERR;
    return sqlite_error(code, where);
}

base::Error sqlite_error(int code, const char* where) {
    const auto detail = static_cast<std::uint32_t>(code);
    switch (code & 0xFF) {
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return {base::Errc::busy, where, detail};
        case SQLITE_FULL:
            return {base::Errc::journal_full, where, detail};
        case SQLITE_NOTADB:
        case SQLITE_CANTOPEN:
            return {base::Errc::journal_open_failed, where, detail};
        default:
            return {base::Errc::journal_io, where, detail};
    }
}

base::Result<sqlite3_stmt*> SqliteStore::prepared(const Statement& statement) {
    const bool within = db_ != nullptr && sqlite3_get_autocommit(db_.get()) == 0;
    if (broken_ && !within) TRY_VOID(revive());
    if (const auto found = statements_.find(&statement); found != statements_.end()) {
        return found->second.get();
    }
    sqlite3_stmt* raw = nullptr;
    const int code =
        sqlite3_prepare_v3(db_.get(), statement.sql, -1, SQLITE_PREPARE_PERSISTENT, &raw, nullptr);
    if (code != SQLITE_OK) return tl::unexpected(error_of(code, "backend.prepare"));
    // "$1" is a named parameter to SQLite; names are numbered by first appearance, which must be 1,
    // 2, 3.
    for (int index = 1; index <= sqlite3_bind_parameter_count(raw); ++index) {
        CHECK("$" + std::to_string(index) == sqlite3_bind_parameter_name(raw, index));
    }
    statements_.emplace(&statement, Stmt(raw));
    return raw;
}

base::Result<void> SqliteStore::bind(sqlite3_stmt* statement, std::span<const Param> params) {
    CHECK(sqlite3_bind_parameter_count(statement) == static_cast<int>(params.size()));
    for (std::size_t i = 0; i < params.size(); ++i) {
        const int code = bind_one(statement, static_cast<int>(i + 1), params[i]);
        if (code != SQLITE_OK) return tl::unexpected(error_of(code, "backend.bind"));
    }
    return {};
}

/// Runs a prepared statement once; its rows go behind those that are there.
base::Result<void> SqliteStore::run_into(sqlite3_stmt* statement, std::span<const Param> params,
                                         Rows& rows) {
    const Use use(statement);
    TRY_VOID(bind(statement, params));
    int code = sqlite3_step(statement);
    for (; code == SQLITE_ROW; code = sqlite3_step(statement)) {
        std::vector<Value> values;
        const int columns = sqlite3_column_count(statement);
        values.reserve(static_cast<std::size_t>(columns));
        for (int column = 0; column < columns; ++column) {
            values.push_back(column_value(statement, column));
        }
        rows.emplace_back(std::move(values));
    }
    if (code != SQLITE_DONE) return tl::unexpected(error_of(code, "backend.run"));
    return {};
}

base::Result<Rows> SqliteStore::run(const Statement& statement, std::span<const Param> params) {
    TRY(handle, prepared(statement));
    Rows rows;
    TRY_VOID(run_into(handle, params, rows));
    return rows;
}

base::Result<std::vector<Rows>> SqliteStore::run_all(std::span<const Query> queries) {
    std::vector<Rows> answers;
    for (const Query& query : queries) {
        TRY(rows, run(query.statement, query.params));
        answers.push_back(std::move(rows));
    }
    return answers;
}

base::Result<Rows> SqliteStore::run_many(const Statement& statement, std::span<const Param> params,
                                         std::size_t columns) {
    CHECK(columns > 0);
    CHECK(params.size() % columns == 0);
    Rows rows;
    if (params.empty()) return rows;
    TRY(handle, prepared(statement));
    for (std::size_t at = 0; at < params.size(); at += columns) {
        TRY_VOID(run_into(handle, params.subspan(at, columns), rows));
    }
    return rows;
}

base::Result<std::vector<Rows>> SqliteStore::run_each(const Statement& statement,
                                                      std::span<const Param> params,
                                                      std::size_t columns) {
    CHECK(columns > 0);
    CHECK(params.size() % columns == 0);
    std::vector<Rows> answers;
    for (std::size_t at = 0; at < params.size(); at += columns) {
        TRY(rows, run(statement, params.subspan(at, columns)));
        answers.push_back(std::move(rows));
    }
    return answers;
}

// There is no way to shorten: the library runs in this process.
base::Result<void> SqliteStore::queue_many(const Statement& statement,
                                           std::span<const Param> params, std::size_t columns) {
    TRY_VOID(run_many(statement, params, columns));
    return {};
}

base::Result<void> SqliteStore::queue_each(const Statement& statement,
                                           std::span<const Param> params, std::size_t columns) {
    TRY_VOID(run_many(statement, params, columns));
    return {};
}

base::Result<std::unique_ptr<Store>> SqliteOpener::open() {
    TRY(store, SqliteStore::open(file_));
    return std::unique_ptr<Store>(std::move(store));
}

}  // namespace backend

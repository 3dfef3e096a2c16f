// SPDX-License-Identifier: EUPL-1.2
// The one SQLite connection of the journal and its prepared statements. Apart from the journal's
// rules, so that how a SQLite code becomes an Errc is decided in one place. One thread.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "drivers/base/bytes.hpp"
#include "drivers/base/handle.hpp"
#include "drivers/base/result.hpp"

namespace journal {

using Db = std::unique_ptr<sqlite3, base::Deleter<sqlite3_close_v2>>;
using Stmt = std::unique_ptr<sqlite3_stmt, base::Deleter<sqlite3_finalize>>;

/// One use of a prepared statement: values are bound in the order of its question marks, and it is
/// reset when the use ends. Blobs and texts must outlive it.
class Query {
  public:
    Query(sqlite3* db, sqlite3_stmt* statement) : db_(db), statement_(statement) {}
    Query(const Query&) = delete;
    Query& operator=(const Query&) = delete;
    Query(Query&& other) noexcept;
    Query& operator=(Query&&) = delete;
    ~Query();

    Query& bind(std::uint64_t value);
    Query& bind(base::ByteView value);
    Query& bind(std::string_view value);

    /// True: a row is there; false: the statement is through. errors: see error_of.
    base::Result<bool> step();
    /// Runs a statement that gives no rows.
    base::Result<void> run();

    /// Columns of the present row. A value of another type reads as zero or empty.
    [[nodiscard]] std::uint64_t number(int column) const;
    [[nodiscard]] base::Bytes blob(int column) const;
    [[nodiscard]] std::string text(int column) const;

  private:
    sqlite3* db_;
    sqlite3_stmt* statement_;
    int bound_ = 0;
    int bind_code_ = SQLITE_OK;
};

enum class Access : std::uint8_t { journal, examine };

class Database {
  public:
    /// journal   opens or creates, takes the exclusive lock, WAL and synchronous=FULL, and writes
    ///           back what an earlier run left in the WAL, so that nothing depends on it. Closing
    ///           leaves the WAL where it is.
    /// examine   only opens, for a private copy.
    /// vfs       SQLite VFS name; empty = the default. Tests bring one that loses power.
    /// errors    journal_locked, journal_open_failed, journal_io, journal_full.
    static base::Result<Database> open(const std::string& path, Access access,
                                       const std::string& vfs);

    /// The prepared form of `sql`, which must be a named constant (its address is the key).
    base::Result<Query> query(const char* sql);
    /// Runs one or more statements without values.
    base::Result<void> execute(const char* sql);
    /// One number, for pragmas and counts.
    base::Result<std::uint64_t> number(const char* sql);
    /// Copies the WAL into the file and empties it. errors: as error_of.
    base::Result<void> checkpoint();

  private:
    Database(Db db) : db_(std::move(db)) {}
    Db db_;
    // Behind db_: statements are finalised before the connection closes.
    std::map<const char*, Stmt> statements_;
};

/// journal_full for a full disk, journal_locked for a foreign lock, else journal_io; detail = the
/// extended SQLite code.
[[nodiscard]] base::Error error_of(int sqlite_code, const char* where);

/// BEGIN IMMEDIATE now; ROLLBACK when it dies without commit().
class Transaction {
  public:
    static base::Result<Transaction> begin(Database& db);
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    Transaction(Transaction&& other) noexcept : db_(std::exchange(other.db_, nullptr)) {}
    Transaction& operator=(Transaction&&) = delete;
    ~Transaction();
    /// Durable after success: COMMIT fsyncs the WAL.
    base::Result<void> commit();

  private:
    explicit Transaction(Database& db) : db_(&db) {}
    Database* db_;
};

}  // namespace journal

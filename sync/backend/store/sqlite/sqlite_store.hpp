// SPDX-License-Identifier: EUPL-1.2
// SQLite behind the Store interface: WAL and synchronous=FULL, since anything weaker lost
// acknowledged rows in simulated power cuts (sync.md "Terminal store"). Schema by forward-only
// migrations; an unknown version is refused, never reset. One connection per object, one thread per
// connection.
#pragma once

#include <sqlite3.h>

#include <memory>
#include <string>
#include <unordered_map>

#include "drivers/base/handle.hpp"
#include "sync/backend/store/store.hpp"

namespace backend {

class SqliteStore final : public Store {
  public:
    /// Opens or creates the file and brings its schema up to date.
    /// vfs     name of a SQLite VFS that nobody else uses at the time; empty = that of the system.
    /// errors  journal_open_failed, journal_schema_unknown (a newer program wrote it, or it is no
    /// database of ours), busy.
    static base::Result<std::unique_ptr<SqliteStore>> open(const std::string& file,
                                                           const std::string& vfs = {});

    SqliteStore(const SqliteStore&) = delete;
    SqliteStore& operator=(const SqliteStore&) = delete;
    ~SqliteStore() override;

    base::Result<void> begin() override;
    base::Result<void> commit() override;
    void rollback() noexcept override;
    base::Result<Rows> run(const Statement& statement, std::span<const Param> params) override;
    base::Result<std::vector<Rows>> run_all(std::span<const Query> queries) override;
    base::Result<Rows> run_many(const Statement& statement, std::span<const Param> params,
                                std::size_t columns) override;
    base::Result<std::vector<Rows>> run_each(const Statement& statement,
                                             std::span<const Param> params,
                                             std::size_t columns) override;
    base::Result<void> queue_many(const Statement& statement, std::span<const Param> params,
                                  std::size_t columns) override;
    base::Result<void> queue_each(const Statement& statement, std::span<const Param> params,
                                  std::size_t columns) override;
    using Store::run;

  private:
    using Db = std::unique_ptr<sqlite3, base::Deleter<sqlite3_close_v2>>;
    using Stmt = std::unique_ptr<sqlite3_stmt, base::Deleter<sqlite3_finalize>>;

    SqliteStore(std::string file, std::string vfs) : file_(std::move(file)), vfs_(std::move(vfs)) {}
    base::Result<void> connect();
    base::Result<void> configure();
    base::Result<void> migrate();
    base::Result<void> revive();
    base::Result<void> settle_log();
    base::Result<std::uint64_t> pragma(const Statement& statement);
    base::Result<void> execute(const char* sql, const char* where);
    base::Result<sqlite3_stmt*> prepared(const Statement& statement);
    base::Result<void> bind(sqlite3_stmt* statement, std::span<const Param> params);
    base::Result<void> run_into(sqlite3_stmt* statement, std::span<const Param> params, Rows& rows);
    base::Error error_of(int code, const char* where);

    std::string file_;
    std::string vfs_;
    /// After an I/O error nobody knows what reached the disk, and an fsync that failed once must
    /// not be tried again: the connection is dead and the next use opens a new one.
    bool broken_ = false;
    // Statements are finalised before the connection closes: members are released in reverse order.
    Db db_;
    std::unordered_map<const Statement*, Stmt> statements_;
};

/// What a code of SQLite means to us: busy, journal_full, journal_open_failed, journal_io; detail =
/// the code.
[[nodiscard]] base::Error sqlite_error(int code, const char* where);

/// Opens connections to one database file.
class SqliteOpener final : public StoreOpener {
  public:
    explicit SqliteOpener(std::string file) : file_(std::move(file)) {}
    base::Result<std::unique_ptr<Store>> open() override;
    [[nodiscard]] bool shared() const override { return false; }

  private:
    std::string file_;
};

}  // namespace backend

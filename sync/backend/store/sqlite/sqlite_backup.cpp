// SPDX-License-Identifier: EUPL-1.2
#include "sync/backend/store/sqlite/sqlite_backup.hpp"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <memory>

#include "drivers/base/handle.hpp"
#include "drivers/base/limits.hpp"
#include "sync/backend/store/sqlite/sqlite_store.hpp"

namespace backend {
namespace {

using Db = std::unique_ptr<sqlite3, base::Deleter<sqlite3_close_v2>>;
using Stmt = std::unique_ptr<sqlite3_stmt, base::Deleter<sqlite3_finalize>>;
using Fd = base::Handle<int, [](int fd) { ::close(fd); }>;

base::Result<Db> open_for(const std::string& file, int flags) {
    sqlite3* raw = nullptr;
    const int code = sqlite3_open_v2(file.c_str(), &raw, flags, nullptr);
    Db db(raw);
    if (code != SQLITE_OK) return tl::unexpected(sqlite_error(code, "backup.open"));
    sqlite3_extended_result_codes(db.get(), 1);
    sqlite3_busy_timeout(db.get(), static_cast<int>(limits::store_wait_ms_max));
    return db;
}

base::Result<Stmt> statement_of(sqlite3* db, const char* sql) {
    sqlite3_stmt* raw = nullptr;
    const int code = sqlite3_prepare_v2(db, sql, -1, &raw, nullptr);
    if (code != SQLITE_OK) return tl::unexpected(sqlite_error(code, "backup.prepare"));
    return Stmt(raw);
}

base::Result<void> copy(const std::string& from, const std::string& to) {
    // Not read-only: a reader of a WAL database takes part in its locks.
    TRY(db, open_for(from, SQLITE_OPEN_READWRITE));
    TRY(vacuum, statement_of(db.get(), "VACUUM INTO ?1"));
    sqlite3_bind_text(vacuum.get(), 1, to.c_str(), -1, SQLITE_STATIC);
    const int code = sqlite3_step(vacuum.get());
    if (code != SQLITE_DONE) return tl::unexpected(sqlite_error(code, "backup.copy"));
    return {};
}

/// SQLite does not promise that what VACUUM INTO wrote is on the disk.
base::Result<void> sync_path(const std::string& path, int flags) {
    const Fd fd(::open(path.c_str(), flags | O_CLOEXEC));
    if (fd.get() < 0 || ::fsync(fd.get()) != 0)
        return base::fail(base::Errc::file_io, "backup.sync", static_cast<std::uint32_t>(errno));
    return {};
}

base::Result<void> check_copy(const std::string& file) {
    TRY(db, open_for(file, SQLITE_OPEN_READONLY));
    TRY(check, statement_of(db.get(), "PRAGMA integrity_check(1)"));
    if (sqlite3_step(check.get()) != SQLITE_ROW)
        return base::fail(base::Errc::journal_chain_broken, "backup.check");
    const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(check.get(), 0));
    if (text == nullptr || std::string_view(text) != "ok")
        return base::fail(base::Errc::journal_chain_broken, "backup.check");
    return {};
}

}  // namespace

base::Result<void> sqlite_backup(const std::string& from, const std::string& to) {
    std::error_code error;
    if (std::filesystem::exists(to, error))
        return base::fail(base::Errc::file_io, "backup.exists", EEXIST);
    TRY_VOID(copy(from, to));
    TRY_VOID(sync_path(to, O_RDWR));
    const auto folder = std::filesystem::path(to).parent_path().string();
    TRY_VOID(sync_path(folder.empty() ? "." : folder, O_RDONLY | O_DIRECTORY));
    return check_copy(to);
}

}  // namespace backend

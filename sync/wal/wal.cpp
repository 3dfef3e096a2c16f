// SPDX-License-Identifier: EUPL-1.2
#include "sync/wal/wal.hpp"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "drivers/base/check.hpp"

namespace wal {
namespace {

constexpr std::size_t part_bytes = 65'536;

/// Writes the log's bytes over themselves and syncs them, which needs no room.
int write_over(sqlite3_file* log) {
    sqlite3_int64 size = 0;
    int code = log->pMethods->xFileSize(log, &size);
    std::vector<std::uint8_t> bytes(part_bytes);
    for (sqlite3_int64 at = 0; code == SQLITE_OK && at < size;) {
        const auto part = static_cast<int>(
            std::min<sqlite3_int64>(size - at, static_cast<sqlite3_int64>(part_bytes)));
        code = log->pMethods->xRead(log, bytes.data(), part, at);
        if (code == SQLITE_OK) code = log->pMethods->xWrite(log, bytes.data(), part, at);
        at += part;
    }
    return code == SQLITE_OK ? log->pMethods->xSync(log, SQLITE_SYNC_NORMAL) : code;
}

int make_durable(sqlite3* db) {
    // Nobody else may write or restart the log meanwhile.
    if (sqlite3_exec(db, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr) != SQLITE_OK)
        return sqlite3_extended_errcode(db);
    sqlite3_file* log = nullptr;
    int code = sqlite3_file_control(db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log);
    const bool is_there = code == SQLITE_OK && log != nullptr && log->pMethods != nullptr;
    if (is_there) code = write_over(log);
    // Nothing was written in it; after some errors it has ended already, and that is fine.
    (void)sqlite3_exec(db, "ROLLBACK", nullptr, nullptr, nullptr);
    return code;
}

}  // namespace

void leave_on_close(sqlite3* db) {
    CHECK(sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr) == SQLITE_OK);
}

int settle(sqlite3* db) {
    if (const int code = make_durable(db); code != SQLITE_OK) return code;
    const int code = copy(db);
    if ((code & 0xFF) == SQLITE_FULL) return SQLITE_OK;
    return code == SQLITE_OK ? make_durable(db) : code;
}

int copy(sqlite3* db) {
    return sqlite3_wal_checkpoint_v2(db, nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
}

}  // namespace wal

// SPDX-License-Identifier: EUPL-1.2
#include "sync/journal/forecast.hpp"

#include <sys/statvfs.h>

#include <algorithm>

#include "drivers/base/limits_journal.hpp"

namespace journal {
namespace {

constexpr std::uint64_t day_ms = 24ULL * 3'600 * 1'000;
constexpr std::uint32_t days_shown_max = 10'000;

constexpr const char* page_size_sql = "PRAGMA page_size";
constexpr const char* page_count_sql = "PRAGMA page_count";
constexpr const char* free_pages_sql = "PRAGMA freelist_count";
constexpr const char* add_day_sql = "INSERT OR IGNORE INTO size_day VALUES(?, ?)";
constexpr const char* drop_days_sql = "DELETE FROM size_day WHERE day < ? OR day > ?";
constexpr const char* oldest_day_sql = "SELECT day, used FROM size_day ORDER BY day LIMIT 1";

base::Result<std::uint64_t> used_bytes(Database& db) {
    TRY(size, db.number(page_size_sql));
    TRY(count, db.number(page_count_sql));
    TRY(free, db.number(free_pages_sql));
    return size * (count - std::min(free, count));
}

/// What the file system still gives us; a disk that does not say is taken as endless.
std::uint64_t disk_bytes(const std::filesystem::path& journal) {
    struct statvfs disk {};
    const auto folder = journal.parent_path();
    if (::statvfs(folder.empty() ? "." : folder.c_str(), &disk) != 0) return UINT64_MAX;
    return std::uint64_t{disk.f_bavail} * disk.f_frsize;
}

std::uint64_t today(Core& core) {
    return core.ports().clock.wall_ms() / day_ms;
}

}  // namespace

base::Result<Room> measure_room(Core& core) {
    TRY(used, used_bytes(core.db()));
    Room room;
    room.used_bytes = used;
    const std::uint64_t bound = core.options().bytes_max;
    room.left_bytes = std::min(bound - std::min(bound, used), disk_bytes(core.options().path));
    TRY(oldest, core.db().query(oldest_day_sql));
    TRY(row, oldest.step());
    if (!row || oldest.number(0) >= today(core) || oldest.number(1) >= used) return room;
    const double days = static_cast<double>(today(core) - oldest.number(0));
    const double a_day = static_cast<double>(used - oldest.number(1)) / days;
    const double left = static_cast<double>(room.left_bytes) / a_day;
    room.days_until_full =
        left > days_shown_max ? days_shown_max : static_cast<std::uint32_t>(left);
    return room;
}

base::Result<void> note_size(Core& core) {
    const std::uint64_t day = today(core);
    if (day == core.size_noted_day()) return {};
    TRY(used, used_bytes(core.db()));
    // A clock that was wrong and is right again must not leave days of the future behind.
    const std::uint64_t first = day - std::min<std::uint64_t>(day, limits::size_days_max);
    {
        TRY(drop, core.db().query(drop_days_sql));
        TRY_VOID(drop.bind(first).bind(day).run());
    }
    TRY(add, core.db().query(add_day_sql));
    TRY_VOID(add.bind(day).bind(used).run());
    core.set_size_noted_day(day);
    return {};
}

}  // namespace journal

// SPDX-License-Identifier: EUPL-1.2
#include "sync/journal/alarms.hpp"

#include "drivers/base/log.hpp"
#include "sync/journal/core.hpp"

namespace journal {
namespace {

constexpr const char* raise_sql =
    "INSERT INTO alarm VALUES(?1, 1, ?2, ?2) ON CONFLICT(kind) DO UPDATE SET count = count + 1, "
    "last_ms = excluded.last_ms RETURNING count";
constexpr const char* select_alarms_sql =
    "SELECT kind, count, first_ms, last_ms FROM alarm ORDER BY kind";

constexpr const char* close_sql =
    "INSERT INTO alarm_closed SELECT kind, count, first_ms, last_ms, ?, ? FROM alarm "
    "WHERE kind IN (1, 2)";
constexpr const char* drop_closed_sql = "DELETE FROM alarm WHERE kind IN (1, 2)";
static_assert(static_cast<int>(AlarmKind::log_conflict) == 1);
static_assert(static_cast<int>(AlarmKind::backend_set_back) == 2);

base::Result<void> count_alarm(Core& core, const PostponedAlarm& alarm) {
    TRY(raise, core.db().query(raise_sql));
    raise.bind(static_cast<std::uint64_t>(alarm.kind)).bind(alarm.wall_ms);
    TRY(row, raise.step());
    const std::uint64_t count = row ? raise.number(0) : 0;
    // A row that RETURNING gives is final only once the statement is through.
    TRY_VOID(raise.step());
    log_alarm(alarm.kind, count);
    return {};
}

}  // namespace

std::string_view word(AlarmKind kind) {
    switch (kind) {
        case AlarmKind::log_conflict:
            return "log_conflict";
        case AlarmKind::backend_set_back:
            return "backend_set_back";
        case AlarmKind::content_lost:
            return "content_lost";
        case AlarmKind::foreign_records:
            return "foreign_records";
        case AlarmKind::identity_cloned:
            return "identity_cloned";
        case AlarmKind::disk_failed:
            return "disk_failed";
        case AlarmKind::record_untold:
            return "record_untold";
        case AlarmKind::record_failed:
            return "record_failed";
    }
    return "unknown";
}

base::Result<void> raise_alarm(Core& core, AlarmKind kind) {
    return count_alarm(core, {kind, core.ports().clock.wall_ms()});
}

void log_alarm(AlarmKind kind, std::uint64_t count) {
    base::log(base::LogEvent::alarm_raised, {{"kind", static_cast<std::int64_t>(kind)},
                                             {"count", static_cast<std::int64_t>(count)}});
}

base::Result<void> raise_together(Core& core, const std::vector<PostponedAlarm>& alarms) {
    TRY_VOID(core.set_size_bound(true));
    TRY(transaction, Transaction::begin(core.db()));
    for (const PostponedAlarm& alarm : alarms) TRY_VOID(count_alarm(core, alarm));
    TRY_VOID(transaction.commit());
    core.after_commit();
    return {};
}

base::Result<void> close_alarms(Core& core, std::uint32_t generation) {
    TRY(close, core.db().query(close_sql));
    TRY_VOID(close.bind(core.ports().clock.wall_ms()).bind(generation).run());
    return core.db().execute(drop_closed_sql);
}

base::Result<std::vector<Alarm>> read_alarms(Core& core) {
    std::vector<Alarm> alarms;
    TRY(query, core.db().query(select_alarms_sql));
    for (;;) {
        TRY(row, query.step());
        if (!row) return alarms;
        alarms.push_back({static_cast<AlarmKind>(query.number(0)), query.number(1), query.number(2),
                          query.number(3)});
    }
}

}  // namespace journal

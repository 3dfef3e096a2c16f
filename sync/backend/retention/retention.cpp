// SPDX-License-Identifier: EUPL-1.2
#include "sync/backend/retention/retention.hpp"

#include <vector>

#include "drivers/base/log.hpp"
#include "sync/backend/retention/erase.hpp"
#include "sync/backend/store/columns.hpp"
#include "sync/backend/store/retry.hpp"
#include "sync/model/record.hpp"
#include "sync/model/times.hpp"

namespace backend {
namespace {

constexpr std::uint64_t day_ms = 24ULL * 3'600 * 1'000;

// Locks the row on every engine: two purges at once would count twice.
constexpr Statement lock_cursor{
    "UPDATE retention_state SET next_index = next_index WHERE id = 1 RETURNING next_index"};
constexpr Statement move_cursor{"UPDATE retention_state SET next_index = $1 WHERE id = 1"};
constexpr Statement find_entries{
    "SELECT l.terminal, l.epoch, l.seq, l.leaf, l.log_index,"
    " COALESCE(r.header, a.header, q.header),"
    " CASE WHEN EXISTS (SELECT 1 FROM part p WHERE p.leaf = l.leaf) THEN 1 ELSE 0 END"
    " FROM log_entry l"
    " LEFT JOIN record r ON r.terminal = l.terminal AND r.epoch = l.epoch AND r.seq = l.seq"
    "  AND r.leaf = l.leaf"
    " LEFT JOIN advance a ON a.leaf = l.leaf"
    " LEFT JOIN quarantine q ON q.terminal = l.terminal AND q.epoch = l.epoch AND q.seq = l.seq"
    "  AND q.leaf = l.leaf"
    " WHERE l.log_index >= $1 ORDER BY l.log_index LIMIT $2"};
constexpr Statement add_mark{
    "INSERT INTO retention_mark (leaf, terminal, epoch, seq, class, start_ms)"
    " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (leaf) DO NOTHING"};
// A grant is over when each of its parts has been ended, or on the day after its last one.
constexpr Statement find_ended{
    "SELECT DISTINCT p.terminal, p.epoch, p.seq, p.leaf FROM part p WHERE p.state = 2"
    " AND p.kind <> 3 AND NOT EXISTS (SELECT 1 FROM retention_mark m WHERE m.leaf = p.leaf)"
    " AND NOT EXISTS (SELECT 1 FROM part o WHERE o.leaf = p.leaf AND o.state <> 2) LIMIT $1"};
constexpr Statement find_expired{
    "SELECT DISTINCT p.terminal, p.epoch, p.seq, p.leaf FROM view_item v"
    " JOIN part p ON p.leaf = v.leaf WHERE v.to_date <> '' AND v.to_date < $1 AND p.kind <> 3"
    " AND NOT EXISTS (SELECT 1 FROM retention_mark m WHERE m.leaf = v.leaf) LIMIT $2"};
constexpr Statement find_due{
    "SELECT terminal, epoch, seq, leaf FROM retention_mark WHERE class = $1 AND start_ms <= $2"
    " ORDER BY start_ms LIMIT $3"};
constexpr Statement drop_mark{"DELETE FROM retention_mark WHERE leaf = $1"};

enum class Class : std::uint8_t { evidence = 6, objection = 7 };

class Purge {
  public:
    Purge(Store& store, const RetentionRules& rules, std::uint64_t now_ms)
        : store_(store), rules_(rules), now_ms_(now_ms) {}

    base::Result<Purged> run() {
        TRY(transaction, Transaction::begin(store_));
        TRY(cursor, store_.run(lock_cursor, {}));
        TRY_VOID(mark_arrivals(cursor.at(0).number(0)));
        TRY_VOID(mark_all(find_ended, {bound}));
        const std::string today = model::to_text(model::day_of(now_ms_));
        TRY_VOID(mark_all(find_expired, {today, bound}));
        TRY(evidence, erase_due(Class::evidence, rules_.evidence_days));
        TRY(objections, erase_due(Class::objection, rules_.objection_days));
        done_.evidence = evidence;
        done_.objections = objections;
        TRY(expired,
            expire(store_, {now_ms_, static_cast<std::uint64_t>(limit_of(rules_.evidence_days))}));
        done_.expired = expired;
        done_.more = done_.more || expired.more;
        TRY_VOID(transaction.commit());
        return done_;
    }

  private:
    static constexpr auto bound = static_cast<std::int64_t>(limits::purge_entries_max);

    /// A row begins with terminal, epoch, seq, leaf.
    base::Result<void> mark(const Row& row, Class kind) {
        ++done_.marked;
        TRY_VOID(store_.run(add_mark, {row.bytes(3), row.bytes(0), row.number(1), row.number(2),
                                       number_of(kind), column_of(now_ms_)}));
        return {};
    }

    /// Acts and objections: their periods begin when they come. So do those of a grant that has no
    /// parts (quarantined, unreadable): it never took effect.
    base::Result<void> mark_arrivals(std::int64_t next) {
        TRY(rows, store_.run(find_entries, {next, bound}));
        for (const Row& row : rows) {
            TRY(header, model::parse_header(row.bytes(5)));
            const bool grants =
                header.kind == model::Kind::grant || header.kind == model::Kind::decision;
            const bool has_parts = row.number(6) != 0;
            if (header.kind == model::Kind::objection) {
                TRY_VOID(mark(row, Class::objection));
            } else if (!grants || !has_parts) {
                TRY_VOID(mark(row, Class::evidence));
            }
            next = row.number(4) + 1;
        }
        note_bound(rows);
        TRY_VOID(store_.run(move_cursor, {next}));
        return {};
    }

    base::Result<void> mark_all(const Statement& statement, std::initializer_list<Param> params) {
        TRY(rows, store_.run(statement, params));
        for (const Row& row : rows) TRY_VOID(mark(row, Class::evidence));
        note_bound(rows);
        return {};
    }

    /// The moment before which a period must have begun; 0 if the clock stands before any.
    [[nodiscard]] std::int64_t limit_of(std::uint32_t days) const {
        const std::uint64_t period = days * day_ms;
        return now_ms_ < period ? 0 : column_of(now_ms_ - period);
    }

    /// returns how many went.
    base::Result<std::uint64_t> erase_due(Class kind, std::uint32_t days) {
        TRY(rows, store_.run(find_due, {number_of(kind), limit_of(days), bound}));
        for (const Row& row : rows) {
            const Place place{uuid_of(row.bytes(0)), static_cast<std::uint32_t>(row.count(1)),
                              row.count(2)};
            TRY_VOID(erase_content(store_, place, array_of<32>(row.bytes(3))));
            TRY_VOID(store_.run(drop_mark, {row.bytes(3)}));
        }
        note_bound(rows);
        return rows.size();
    }

    static std::int64_t number_of(Class kind) { return static_cast<std::uint8_t>(kind); }
    void note_bound(const Rows& rows) {
        done_.more = done_.more || rows.size() == limits::purge_entries_max;
    }

    Store& store_;
    const RetentionRules& rules_;
    std::uint64_t now_ms_;
    Purged done_;
};

void log_class(std::int64_t number, std::uint64_t count) {
    if (count == 0) return;
    base::log(base::LogEvent::records_deleted,
              {{"class", number}, {"count", static_cast<std::int64_t>(count)}});
}

}  // namespace

base::Result<Purged> purge(Store& store, const RetentionRules& rules, std::uint64_t now_ms) {
    if (rules.evidence_days < limits::evidence_days_min ||
        rules.evidence_days > limits::evidence_days_max || rules.objection_days == 0 ||
        rules.objection_days > limits::objection_days_max) {
        return base::fail(base::Errc::config_bad, "purge.days");
    }
    TRY(done, with_retries([&] { return Purge(store, rules, now_ms).run(); }));
    log_class(6, done.evidence);
    log_class(7, done.objections);
    log_class(6, done.expired.accesses + done.expired.requests + done.expired.links);
    log_class(5, done.expired.messages);
    return done;
}

}  // namespace backend

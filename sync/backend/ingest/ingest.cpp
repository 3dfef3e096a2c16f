// SPDX-License-Identifier: EUPL-1.2
#include "sync/backend/ingest/ingest.hpp"

#include <algorithm>
#include <array>

#include "drivers/base/limits.hpp"
#include "drivers/base/log.hpp"
#include "sync/backend/ingest/apply.hpp"
#include "sync/backend/ingest/checked_batch.hpp"
#include "sync/backend/ingest/epoch_base.hpp"
#include "sync/backend/ingest/quarantine.hpp"
#include "sync/backend/ingest/terminals.hpp"
#include "sync/backend/store/columns.hpp"
#include "sync/backend/store/retry.hpp"
#include "sync/model/batch.hpp"
#include "sync/seal/chain.hpp"

namespace backend {
namespace {

/// A smaller batch is stored sooner (0.1 to 0.2 ms a record) than its head is verified (1 ms): the
/// database would wait for that with its locks held, SQLite with the only one there is.
constexpr std::size_t overlap_records_min = 16;

constexpr Statement lock_terminal{
    "UPDATE terminal SET site = site WHERE terminal = $1 RETURNING revoked_ms"};
constexpr Statement find_chain{
    "SELECT next_seq, head FROM chain WHERE terminal = $1 AND epoch = $2"};
constexpr Statement find_later{
    "SELECT c.base_epoch, (SELECT r.header FROM record r WHERE r.terminal = c.terminal"
    " AND r.epoch = c.epoch AND r.seq = 1) FROM chain c WHERE c.terminal = $1 AND c.epoch > $2"
    " ORDER BY c.epoch LIMIT 1"};
constexpr Statement find_refused{
    "SELECT 1 FROM quarantine WHERE terminal = $1 AND epoch = $2 AND seq = $3 AND leaf = $4"};
constexpr Statement add_chain{
    "INSERT INTO chain (terminal, epoch, next_seq, head, head_jws, base_epoch, base_seq, "
    "logged_seq)"
    " VALUES ($1, $2, 1, $3, '', $4, $5, 0)"};
constexpr Statement move_chain{
    "UPDATE chain SET next_seq = $1, head = $2, head_jws = $3 WHERE terminal = $4 AND epoch = $5"};
constexpr Statement add_head{
    "INSERT INTO chain_head (terminal, epoch, seq, head_jws) VALUES ($1, $2, $3, $4)"};
constexpr Statement find_leaves{
    "SELECT seq, leaf FROM record WHERE terminal = $1 AND epoch = $2 AND seq >= $3 AND seq <= $4"
    " ORDER BY seq"};
constexpr Statement add_record{
    "INSERT INTO record (terminal, epoch, seq, leaf, header, scopes, jwe)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7)"};
constexpr std::size_t add_record_columns = 7;
constexpr Statement find_advance{
    "SELECT seq, leaf FROM advance WHERE terminal = $1 AND epoch = $2 AND seq >= $3 AND seq <= $4"
    " ORDER BY seq"};
constexpr Statement add_advance{
    "INSERT INTO advance (leaf, terminal, epoch, seq, header, scopes, jwe, head_jws)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"};
constexpr Statement add_pending{
    "INSERT INTO log_pending (leaf, terminal, epoch, seq) VALUES ($1, $2, $3, $4)"
    " ON CONFLICT (leaf) DO NOTHING"};

void note(RecordTimes& times, const Event& event) {
    if (times.oldest_wall_ms == 0 || event.wall_ms < times.oldest_wall_ms)
        times.oldest_wall_ms = event.wall_ms;
    times.newest_wall_ms = std::max(times.newest_wall_ms, event.wall_ms);
    times.behind = times.behind || event.wall_ms < event.floor_ms;
}

struct StoredLeaf {
    std::uint64_t seq = 0;
    Hash leaf{};
};

/// The transaction of one batch.
class BatchIngest {
  public:
    BatchIngest(Store& store, const CheckedBatch& checked)
        : store_(store),
          batch_(*checked.batch),
          events_(checked.events),
          verified_(checked.verified) {
        outcome_.from = events_.front().place;
        outcome_.to = batch_.to;
    }

    base::Result<BatchOutcome> run() {
        TRY(transaction, Transaction::begin(store_));
        TRY_VOID(lock_and_read());
        if (revoked_) {
            TRY_VOID(verified_.get());
            outcome_.verdict = BatchVerdict::revoked;
            TRY_VOID(keep_unknown());
            TRY_VOID(transaction.commit());
            return outcome_;
        }
        TRY(agreed, agreement());
        outcome_.next_seq = next_seq_;
        if (agreed && batch_.from <= next_seq_ && batch_.to >= next_seq_) {
            TRY(left, left_behind());
            first_bad_ = next_seq_ - batch_.from;
            agreed = !left;
        }
        if (agreed && !known_ && batch_.from == 1) {
            TRY(start, epoch_start(store_, events_.front()));
            start_ = start;
            agreed = start.continues != Continues::refused;
            outcome_.base_missing = start.continues == Continues::awaited;
        }
        const bool behind_gap = batch_.from > next_seq_ || outcome_.base_missing;
        if (agreed && !behind_gap && batch_.to >= next_seq_) TRY_VOID(extend());
        TRY_VOID(verified_.get());
        if (!agreed) {
            outcome_.verdict = BatchVerdict::fork;
            TRY_VOID(keep_fork());
        } else if (behind_gap) {
            outcome_.verdict = BatchVerdict::gap;
            return outcome_;
        }
        TRY_VOID(transaction.commit());
        return outcome_;
    }

  private:
    /// Step 2, and all that most batches need to know: behind the lock nobody else changes it.
    base::Result<void> lock_and_read() {
        const auto& terminal = batch_.terminal.get();
        const std::int64_t epoch = batch_.epoch;
        const std::array<Query, 4> queries{
            {{lock_terminal, {terminal}},
             {find_chain, {terminal, epoch}},
             {find_later, {terminal, epoch}},
             {find_advance, {terminal, epoch, column_of(batch_.from), column_of(batch_.to)}}}};
        TRY(answers, store_.run_all(queries));
        const Rows& locked = answers[0];
        if (locked.empty()) return base::fail(base::Errc::peer_not_allowed, "ingest.not_enrolled");
        revoked_ = !locked[0].is_null(0);
        if (const Rows& chain = answers[1]; !chain.empty()) {
            known_ = true;
            next_seq_ = chain[0].count(0);
            head_ = array_of<32>(chain[0].bytes(1));
        }
        later_ = std::move(answers[2]);
        ahead_ = std::move(answers[3]);
        return {};
    }

    /// Steps 3 and 4: true unless the batch contradicts the chain. Sets first_bad_ if it does.
    base::Result<bool> agreement() {
        const std::uint64_t known_to = std::min(batch_.to, next_seq_ - 1);
        if (batch_.from <= known_to) {
            TRY(rows, store_.run(find_leaves, {batch_.terminal.get(), std::int64_t{batch_.epoch},
                                               column_of(batch_.from), column_of(known_to)}));
            if (rows.size() != known_to - batch_.from + 1) {
                return base::fail(base::Errc::journal_chain_broken, "ingest.prefix");
            }
            for (std::size_t i = 0; i < rows.size(); ++i) {
                if (array_of<32>(rows[i].bytes(1)) == events_[i].leaf) continue;
                first_bad_ = i;
                return false;
            }
            return true;
        }
        if (batch_.from > next_seq_) return continues_unrefused();
        // The very next record: it must continue the head. A later epoch may name any record of an
        // earlier one, or none (epoch_base.hpp).
        const bool free_start = !known_ && batch_.epoch > 1;
        return free_start || events_.front().prev == head_;
    }

    /// Behind a gap: false if the record before it has been refused, and what follows it with it.
    base::Result<bool> continues_unrefused() {
        TRY(rows, store_.run(find_refused, {batch_.terminal.get(), std::int64_t{batch_.epoch},
                                            column_of(batch_.from - 1), events_.front().prev}));
        return rows.empty();
    }

    /// True if a later epoch has left this one where it stands: whoever writes on here is not the
    /// one who began that. One that an earlier version took before its base does not tell.
    base::Result<bool> left_behind() {
        if (later_.empty() || !later_[0].is_null(0)) return !later_.empty();
        TRY(header, model::parse_header(later_[0].bytes(1)));
        return is_zero(header.prev);
    }

    base::Result<void> keep_fork() {
        std::vector<Contradiction> records;
        for (std::size_t i = first_bad_; i < events_.size(); ++i) {
            records.push_back({&events_[i], &batch_.records[i]});
        }
        return quarantine(store_, records, batch_.head);
    }

    /// Everything that is not on the chain already. The log is told of it like of a fork.
    base::Result<void> keep_unknown() {
        TRY(rows, store_.run(find_leaves, {batch_.terminal.get(), std::int64_t{batch_.epoch},
                                           column_of(batch_.from), column_of(batch_.to)}));
        std::vector<Contradiction> records;
        for (std::size_t i = 0; i < events_.size(); ++i) {
            const bool known = std::ranges::any_of(rows, [&](const Row& row) {
                return array_of<32>(row.bytes(1)) == events_[i].leaf;
            });
            if (!known) records.push_back({&events_[i], &batch_.records[i]});
        }
        return quarantine(store_, records, batch_.head);
    }

    /// Steps 5 to 7.
    base::Result<void> extend() {
        if (!known_) TRY_VOID(start_chain());
        const std::size_t first = next_seq_ - batch_.from;
        const auto fresh = std::span(events_).subspan(first);
        TRY_VOID(insert(first));
        TRY_VOID(disown_contradicted(fresh));
        std::vector<const Event*> events;
        for (const Event& event : fresh) events.push_back(&event);
        TRY_VOID(apply(store_, events, Standing::on_chain));
        outcome_.added = fresh.size();
        for (const Event& event : fresh) note(outcome_.times, event);
        outcome_.next_seq = batch_.to + 1;
        outcome_.unusable = static_cast<std::size_t>(
            std::ranges::count_if(fresh, [](const Event& event) { return !event.usable; }));
        TRY_VOID(
            store_.queue(move_chain, {column_of(outcome_.next_seq), fresh.back().leaf, batch_.head,
                                      batch_.terminal.get(), std::int64_t{batch_.epoch}}));
        TRY_VOID(store_.queue(add_head, {batch_.terminal.get(), std::int64_t{batch_.epoch},
                                         column_of(batch_.to), batch_.head}));
        return {};
    }

    base::Result<void> start_chain() {
        Param base_epoch = nullptr;
        Param base_seq = nullptr;
        if (start_.continues == Continues::stored) {
            base_epoch = std::int64_t{start_.base_epoch};
            base_seq = column_of(start_.base_seq);
        }
        return store_.queue(add_chain, {batch_.terminal.get(), std::int64_t{batch_.epoch},
                                        events_.front().prev, base_epoch, base_seq});
    }

    base::Result<void> insert(std::size_t first) {
        std::vector<Param> params;
        params.reserve((events_.size() - first) * add_record_columns);
        for (std::size_t i = first; i < events_.size(); ++i) {
            const model::Record& record = batch_.records[i];
            params.insert(
                params.end(),
                {batch_.terminal.get(), std::int64_t{batch_.epoch}, column_of(events_[i].place.seq),
                 events_[i].leaf, record.header, record.scopes, std::string_view(record.jwe)});
        }
        return store_.queue_many(add_record, params, add_record_columns);
    }

    /// A copy that now proves to be another record than the chain's loses its place on the chain;
    /// its act stays, and somebody must hear of it (I6).
    base::Result<void> disown_contradicted(std::span<const Event> fresh) {
        for (const Row& row : ahead_) {
            const std::uint64_t seq = row.count(0);
            if (seq < fresh.front().place.seq) continue;  // its chain has decided already
            const Hash leaf = array_of<32>(row.bytes(1));
            if (leaf == fresh[seq - fresh.front().place.seq].leaf) continue;
            TRY_VOID(verified_.get());
            TRY_VOID(disown(store_, leaf));
            ++outcome_.contradicted;
            base::log(base::LogEvent::fork_quarantined,
                      {{"epoch", batch_.epoch}, {"seq", static_cast<std::int64_t>(seq)}});
        }
        return {};
    }

    Store& store_;
    const model::Batch& batch_;
    const std::vector<Event>& events_;
    const std::shared_future<base::Result<void>>& verified_;
    BatchOutcome outcome_;
    bool revoked_ = false;
    bool known_ = false;
    Rows later_;  ///< the first epoch behind this one
    Rows ahead_;  ///< copies of these places
    std::uint64_t next_seq_ = 1;
    Hash head_{};
    EpochStart start_;
    std::size_t first_bad_ = 0;
};

base::Result<Event> check_copy(Store& store, const model::AdvanceCopy& copy,
                               const base::Uuid& terminal) {
    TRY(event, read_event(copy.record));
    TRY_VOID(check_content(copy.record));
    TRY(keys, signing_keys(store, terminal, event.place.epoch));
    TRY(head, verified_head(copy.head, keys));
    if (head.key != event.place || head.leaf != event.leaf || event.place.terminal != terminal) {
        return base::fail(base::Errc::record_bad, "ingest.advance_head");
    }
    if (!model::is_protective(event.kind))
        return base::fail(base::Errc::record_bad, "ingest.advance_kind");
    return std::move(event);
}

/// What stands at this place already: the same leaf, another one, or nothing.
enum class Standby : std::uint8_t { nothing, same, other };

base::Result<Standby> compare(Store& store, const Statement& statement, const Event& event) {
    const std::int64_t seq = column_of(event.place.seq);
    TRY(rows, store.run(statement,
                        {event.place.terminal.get(), std::int64_t{event.place.epoch}, seq, seq}));
    Standby found = Standby::nothing;
    for (const Row& row : rows) {
        if (array_of<32>(row.bytes(1)) == event.leaf) return Standby::same;
        found = Standby::other;
    }
    return found;
}

/// returns  true if the copy was new.
base::Result<bool> store_copy(Store& store, const model::AdvanceCopy& copy, const Event& event,
                              AdvanceOutcome& outcome) {
    TRY(on_chain, compare(store, find_leaves, event));
    TRY(ahead, compare(store, find_advance, event));
    if (on_chain == Standby::same || ahead == Standby::same) return false;
    if (outcome.revoked || on_chain == Standby::other || ahead == Standby::other) {
        outcome.forks += outcome.revoked ? 0 : 1;
        const Contradiction contradiction{&event, &copy.record};
        TRY_VOID(quarantine(store, {&contradiction, 1}, copy.head));
        return true;
    }
    const auto& terminal = event.place.terminal.get();
    const std::int64_t epoch = event.place.epoch;
    const std::int64_t seq = column_of(event.place.seq);
    TRY_VOID(store.run(add_advance, {event.leaf, terminal, epoch, seq, copy.record.header,
                                     copy.record.scopes, copy.record.jwe, copy.head}));
    TRY_VOID(store.run(add_pending, {event.leaf, terminal, epoch, seq}));
    const Event* const one = &event;
    TRY_VOID(apply(store, {&one, 1}, Standing::on_chain));
    return true;
}

/// The transaction of one body of copies, whose events have been checked.
base::Result<AdvanceOutcome> store_copies(Store& store, const model::Advance& advance,
                                          const std::vector<Event>& events) {
    AdvanceOutcome outcome;
    TRY(transaction, Transaction::begin(store));
    TRY(locked, store.run(lock_terminal, {advance.terminal.get()}));
    if (locked.empty()) return base::fail(base::Errc::peer_not_allowed, "ingest.not_enrolled");
    outcome.revoked = !locked[0].is_null(0);
    for (std::size_t i = 0; i < events.size(); ++i) {
        TRY(added, store_copy(store, advance.copies[i], events[i], outcome));
        outcome.added += added ? 1 : 0;
        if (added) note(outcome.times, events[i]);
        outcome.accepted.emplace_back(events[i].place, events[i].leaf);
    }
    TRY_VOID(transaction.commit());
    return outcome;
}

}  // namespace

base::Result<BatchOutcome> ingest_batch(Store& store, const base::Uuid& terminal,
                                        std::string_view body) {
    TRY(checked, check_batch(store, terminal, body));
    if (checked.events.size() < overlap_records_min) TRY_VOID(checked.verified.get());
    return with_retries([&] { return BatchIngest(store, checked).run(); });
}

base::Result<AdvanceOutcome> ingest_advance(Store& store, const base::Uuid& terminal,
                                            std::string_view body) {
    TRY(advance, model::parse_advance(body));
    if (advance.terminal != terminal)
        return base::fail(base::Errc::peer_not_allowed, "ingest.terminal");
    std::vector<Event> events;
    for (const model::AdvanceCopy& copy : advance.copies) {
        TRY(event, check_copy(store, copy, terminal));
        events.push_back(std::move(event));
    }
    return with_retries([&] { return store_copies(store, advance, events); });
}

}  // namespace backend

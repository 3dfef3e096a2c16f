// SPDX-License-Identifier: EUPL-1.2
// The backend's log as this terminal has seen it: one verified checkpoint, and each next one must
// contain it. A backend that rewrites, forgets or shows different logs to different terminals is
// found out here.
#include "sync/journal/log_view.hpp"

#include "sync/journal/alarms.hpp"

namespace journal {
namespace {

using base::Errc;
using receipts::Checkpoint;

constexpr const char* held_sql = "SELECT note FROM checkpoint";
constexpr const char* replace_sql = "INSERT OR REPLACE INTO checkpoint VALUES(1, ?, ?)";
constexpr const char* set_observed_sql = "UPDATE meta SET observed = ?";
constexpr const char* conflicts_sql = "SELECT count(*) FROM log_conflict";
constexpr const char* add_conflict_sql =
    "INSERT INTO log_conflict(held, offered, wall_ms) VALUES(?, ?, ?)";

/// One is proof enough; a few show whether it goes on.
constexpr std::uint64_t conflicts_max = 16;

base::Result<void> keep_conflict(Core& core, const Held& held, std::string_view offered) {
    TRY_VOID(core.set_size_bound(true));
    TRY(transaction, Transaction::begin(core.db()));
    TRY_VOID(add_log_conflict(core, held.note, offered));
    TRY_VOID(transaction.commit());
    core.after_commit();
    return {};
}

std::uint64_t claim_of(const Checkpoint& checkpoint) {
    return model::observed_claim(receipts::log_generation(checkpoint.origin), checkpoint.head.size);
}

base::Result<void> write(Core& core, const Checkpoint& checkpoint, std::string_view note) {
    TRY_VOID(core.set_size_bound(true));
    TRY(transaction, Transaction::begin(core.db()));
    {
        TRY(replace, core.db().query(replace_sql));
        TRY_VOID(replace.bind(checkpoint.head.size).bind(note).run());
        TRY(observed, core.db().query(set_observed_sql));
        TRY_VOID(observed.bind(claim_of(checkpoint)).run());
    }
    TRY_VOID(transaction.commit());
    core.raise_observed(claim_of(checkpoint));
    core.after_commit();
    return {};
}

/// The log of the first checkpoint is the one that is followed, until somebody who may says another
/// one; never one of another name by its own word.
base::Result<void> require_same_log(Core& core, const Held& held, const std::string& origin) {
    TRY(followed, read_followed(core));
    if (followed.origin.empty() && !held.note.empty()) followed.origin = held.checkpoint.origin;
    const bool other = !followed.origin.empty() && followed.origin != origin;
    const bool later = receipts::log_generation(origin) != core.log_generation();
    if (other || (later && core.observed() != 0))
        return base::fail(Errc::receipt_bad, "checkpoint of another log");
    return {};
}

base::Result<void> store(Core& core, const Checkpoint& offered, std::string_view note,
                         const receipts::Proof& proof) {
    TRY(held, read_held(core));
    TRY_VOID(require_same_log(core, held, offered.origin));
    // Receipts of an earlier version may have raised `observed` above any checkpoint.
    if (offered.head.size > model::log_size_max || claim_of(offered) < core.observed())
        return base::fail(Errc::sequence_gap, "checkpoint is older than the log was");
    if (!held.note.empty() && offered.head.size == held.checkpoint.head.size) {
        if (offered.head == held.checkpoint.head) return {};
        TRY_VOID(keep_conflict(core, held, note));
        return base::fail(Errc::fork_detected, "two logs of one size");
    }
    const receipts::TreeHead before =
        held.note.empty() ? receipts::TreeHead{0, receipts::tree_hash({})} : held.checkpoint.head;
    if (!receipts::verify_consistency(before, offered.head, proof))
        return base::fail(Errc::receipt_bad, "checkpoint does not continue the log");
    return write(core, offered, note);
}

}  // namespace

base::Result<Held> read_held(Core& core) {
    TRY(query, core.db().query(held_sql));
    TRY(row, query.step());
    Held held;
    if (!row) return held;
    held.note = query.text(0);
    // Signed by the key of that time: it was verified before it was stored.
    TRY(checkpoint, receipts::read_checkpoint(held.note));
    held.checkpoint = std::move(checkpoint);
    return held;
}

base::Result<void> add_log_conflict(Core& core, std::string_view held, std::string_view offered) {
    TRY_VOID(raise_alarm(core, AlarmKind::log_conflict));
    TRY(known, core.db().number(conflicts_sql));
    if (known >= conflicts_max) return {};
    TRY(insert, core.db().query(add_conflict_sql));
    return insert.bind(held).bind(offered).bind(core.ports().clock.wall_ms()).run();
}

base::Result<std::uint64_t> Journal::log_size() {
    return core_->guarded([this]() -> base::Result<std::uint64_t> {
        TRY(held, read_held(*core_));
        return held.checkpoint.head.size;
    });
}

base::Result<void> Journal::store_checkpoint(std::string_view note, const receipts::Proof& proof) {
    return core_->guarded([&]() -> base::Result<void> {
        TRY(followed, read_followed(*core_));
        const auto& own = followed.keys.empty() ? core_->options().log_keys : followed.keys;
        TRY(checkpoint,
            receipts::verify_checkpoint_any(note, own.empty() ? core_->receipt_keys() : own));
        return store(*core_, checkpoint, note, proof);
    });
}

}  // namespace journal

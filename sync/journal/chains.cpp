// SPDX-License-Identifier: EUPL-1.2
// What the backend says of our chains, held against the journal. Its word is not signed and comes
// through syncd, so it can do two things only: have rows offered again, and call somebody.
#include <algorithm>

#include "drivers/base/limits_journal.hpp"
#include "sync/journal/bodies.hpp"
#include "sync/journal/epochs.hpp"
#include "sync/journal/last_common.hpp"
#include "sync/journal/log_view.hpp"

namespace journal {
namespace {

using base::ByteView;

// Rows that were chained anew in a later epoch are not the backend's to have where they stood.
constexpr const char* own_chains_sql =
    "SELECT epoch, first, seq - (SELECT count(*) FROM moved m JOIN record r ON r.position = "
    "m.position WHERE r.epoch = c.epoch) FROM chain c ORDER BY epoch";
constexpr const char* own_leaf_sql =
    "SELECT r.leaf FROM record r JOIN chain c ON c.epoch = r.epoch "
    "WHERE c.epoch = ? AND r.position = c.first + ? - 1 AND r.seq = ?";
constexpr const char* count_foreign_sql = "SELECT count(*) FROM foreign_head";
constexpr const char* add_foreign_sql =
    "INSERT OR IGNORE INTO foreign_head VALUES(?, ?, ?, ?, ?) RETURNING seq";
constexpr const char* unsent_position_sql = "SELECT position FROM unsent ORDER BY position LIMIT 1";
constexpr const char* content_gone_sql =
    "SELECT count(*) FROM record r WHERE position >= ?1 AND position < ?2 AND jwe = '' AND "
    "NOT EXISTS(SELECT 1 FROM moved WHERE position = r.position)";
// That the present log lacks what only a log before it had is known and settled.
constexpr const char* set_back_sql =
    "SELECT count(*) FROM receipt q WHERE position >= ?1 AND position < ?2 AND lane = 0 AND "
    "generation >= ?3 AND NOT EXISTS(SELECT 1 FROM moved WHERE position = q.position)";

std::uint64_t next_seq_at_backend(const std::vector<ChainStand>& stands, std::uint64_t epoch) {
    const auto found = std::ranges::find(stands, epoch, &ChainStand::epoch);
    return found == stands.end() ? 1 : std::max<std::uint64_t>(found->next_seq, 1);
}

/// The first of our rows that the backend does not have; behind the last one if it has all.
base::Result<std::uint64_t> first_lacking(Core& core, const std::vector<ChainStand>& stands) {
    TRY(query, core.db().query(own_chains_sql));
    for (;;) {
        TRY(row, query.step());
        if (!row) return core.tip().position + 1;
        const std::uint64_t next = next_seq_at_backend(stands, query.number(0));
        if (next <= query.number(2)) return query.number(1) + next - 1;
    }
}

base::Result<void> alarm_of_resend(Core& core, std::uint64_t from, std::uint64_t end) {
    bool lost = false;
    bool set_back = false;
    {
        TRY(gone, core.db().query(content_gone_sql));
        TRY(row, gone.bind(from).bind(end).step());
        lost = row && gone.number(0) > 0;
        TRY(received, core.db().query(set_back_sql));
        TRY(some, received.bind(from).bind(end).bind(core.log_generation()).step());
        set_back = some && received.number(0) > 0;
    }
    if (!lost && !set_back) return {};
    TRY_VOID(core.set_size_bound(true));
    TRY(transaction, Transaction::begin(core.db()));
    if (set_back) TRY_VOID(raise_alarm(core, AlarmKind::backend_set_back));
    if (lost) TRY_VOID(raise_alarm(core, AlarmKind::content_lost));
    TRY_VOID(transaction.commit());
    core.after_commit();
    return {};
}

base::Result<void> compare(Core& core, const std::vector<ChainStand>& stands) {
    TRY(lacking, first_lacking(core, stands));
    TRY(unsent, core.db().number(unsent_position_sql));
    const std::uint64_t end = unsent == 0 ? core.tip().position + 1 : unsent;
    TRY(again, renewal(core));
    if (lacking >= end) {
        core.set_resend(again);
        return {};
    }
    const std::uint64_t first = again ? std::min(again->chain, lacking) : lacking;
    const bool known = core.resend() && core.resend()->chain <= lacking;
    if (!known || core.resend()->chain != first) core.set_resend(Core::Resend{first, first});
    return known ? base::Result<void>() : alarm_of_resend(core, lacking, end);
}

/// The head, if one of our keys has signed it and no row of ours has it.
base::Result<std::optional<seal::Head>> foreign_head(Core& core, const std::string& token) {
    std::optional<seal::Head> signed_by_us;
    for (const crypto::Point& key : core.journal_keys()) {
        const auto head = seal::verify_head(token, key);
        if (head) signed_by_us = *head;
    }
    if (!signed_by_us || signed_by_us->key.terminal != core.options().terminal)
        return std::optional<seal::Head>();
    TRY(own, core.db().query(own_leaf_sql));
    own.bind(signed_by_us->key.epoch).bind(signed_by_us->key.seq).bind(signed_by_us->key.seq);
    TRY(row, own.step());
    if (row && base::equal(own.blob(0), signed_by_us->leaf)) return std::optional<seal::Head>();
    return signed_by_us;
}

/// Keeps foreign heads as evidence; true if one is new.
base::Result<bool> note_foreign_heads(Core& core, const std::vector<ChainStand>& stands) {
    bool fresh = false;
    for (const ChainStand& stand : stands) {
        if (stand.head.empty()) continue;
        TRY(head, foreign_head(core, stand.head));
        TRY(known, core.db().number(count_foreign_sql));
        if (!head || known >= limits::foreign_heads_max) continue;
        TRY(add, core.db().query(add_foreign_sql));
        add.bind(head->key.epoch)
            .bind(head->key.seq)
            .bind(ByteView(head->leaf))
            .bind(std::string_view(stand.head))
            .bind(core.ports().clock.wall_ms());
        TRY(added, add.step());
        if (added) TRY_VOID(add.step());
        fresh = fresh || added;
    }
    return fresh;
}

/// Notes what is foreign and calls somebody, in one transaction.
base::Result<void> look_for_foreign(Core& core, const std::vector<ChainStand>& stands) {
    TRY_VOID(core.set_size_bound(true));
    TRY(transaction, Transaction::begin(core.db()));
    TRY(fresh, note_foreign_heads(core, stands));
    TRY(identity, read_identity(core));
    if (fresh && identity.in_doubt) {
        TRY_VOID(raise_alarm(
            core, identity.cloned ? AlarmKind::identity_cloned : AlarmKind::foreign_records));
    }
    TRY_VOID(transaction.commit());
    return core.look_at_identity();
}

/// Was it a row that the backend had acknowledged, or one that continues such a one, and has
/// somebody else written there? Then what we still have in common is to be found. end: the first
/// row that is unsent.
base::Result<void> look_behind(Core& core, const Core::Offered& refused, std::uint64_t end) {
    TRY(next, first_to_send(core, 0));
    if (next == 0 || refused.first != next || (core.in_doubt() && next == end)) return {};
    TRY(contested, continues_contested(core, next));
    if (contested) begin_search(core, end);
    return {};
}

/// The search has an end: what the backend has taken back goes on behind the last common row.
base::Result<void> settle(Core& core, const Core::Search found) {
    TRY_VOID(alarm_of_resend(core, found.common + 1, found.end));
    TRY_VOID(begin_epoch_behind(core, found.common));
    core.set_search(std::nullopt);
    TRY(again, renewal(core));
    core.set_resend(again);
    return core.look_at_identity();
}

base::Result<void> hear(Core& core, const std::vector<ChainStand>& stands) {
    const Core::Offered refused = core.offered();
    core.set_offered({});
    TRY_VOID(look_for_foreign(core, stands));
    if (core.cloned()) {
        if (core.copy_again() == 0) core.set_copy_again(1);
        core.set_search(std::nullopt);
        core.set_refused({core.refused().offered, core.refused().offered});
        return {};
    }
    if (core.search()) {
        TRY(over, note_refused(core, refused.first));
        return over ? settle(core, *core.search()) : base::Result<void>();
    }
    if (!core.in_doubt()) TRY_VOID(compare(core, stands));
    TRY(unsent, core.db().number(unsent_position_sql));
    const bool alone = refused.alone && refused.first == unsent;
    // Rows before the one that is refused are common; those that the backend takes are sent first.
    if (!core.in_doubt() || (unsent != 0 && !alone))
        return look_behind(core, refused, unsent == 0 ? core.tip().position + 1 : unsent);
    TRY_VOID(begin_epoch_after_doubt(core));
    return core.look_at_identity();
}

}  // namespace

base::Result<void> Journal::hear_chains(const std::vector<ChainStand>& stands) {
    return core_->guarded([&] { return hear(*core_, stands); });
}

}  // namespace journal

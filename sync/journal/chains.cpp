// SPDX-License-Identifier: EUPL-1.2
// What the backend says of our chains, held against the journal. Its word is not signed and comes
// through syncd, so it can do two things only: have rows offered again, and call somebody.
#include <algorithm>

#include "sync/journal/core.hpp"

namespace journal {
namespace {

constexpr const char* own_chains_sql = "SELECT epoch, first, seq FROM chain ORDER BY epoch";
constexpr const char* unsent_position_sql = "SELECT position FROM unsent ORDER BY position LIMIT 1";
constexpr const char* content_gone_sql =
    "SELECT count(*) FROM record WHERE position >= ? AND position < ? AND jwe = ''";

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
    TRY(gone, core.db().query(content_gone_sql));
    gone.bind(from).bind(end);
    TRY(row, gone.step());
    const bool lost = row && gone.number(0) > 0;
    TRY_VOID(gone.step());
    TRY_VOID(core.set_size_bound(true));
    TRY(transaction, Transaction::begin(core.db()));
    TRY_VOID(raise_alarm(core, AlarmKind::backend_set_back));
    if (lost) TRY_VOID(raise_alarm(core, AlarmKind::content_lost));
    TRY_VOID(transaction.commit());
    core.after_commit();
    return {};
}

base::Result<void> compare(Core& core, const std::vector<ChainStand>& stands) {
    TRY(lacking, first_lacking(core, stands));
    TRY(unsent, core.db().number(unsent_position_sql));
    const std::uint64_t end = unsent == 0 ? core.tip().position + 1 : unsent;
    if (lacking >= end) {
        core.set_resend(std::nullopt);
        return {};
    }
    const bool known = core.resend().has_value();
    if (!known || core.resend()->chain != lacking) core.set_resend(Core::Resend{lacking, lacking});
    return known ? base::Result<void>() : alarm_of_resend(core, lacking, end);
}

}  // namespace

base::Result<void> Journal::hear_chains(const std::vector<ChainStand>& stands) {
    return core_->guarded([&] { return compare(*core_, stands); });
}

}  // namespace journal

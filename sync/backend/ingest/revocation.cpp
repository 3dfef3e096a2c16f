// SPDX-License-Identifier: EUPL-1.2
#include "sync/backend/ingest/revocation.hpp"

#include "drivers/base/limits.hpp"
#include "drivers/base/log.hpp"
#include "sync/backend/store/columns.hpp"
#include "sync/backend/store/retry.hpp"

namespace backend {
namespace {

// Batches lock the same row first, so each lies wholly before or behind the revocation.
constexpr Statement revoke_terminal{
    "UPDATE terminal SET revoked_ms = COALESCE(revoked_ms, $1),"
    " revoked_reason = COALESCE(revoked_reason, $2) WHERE terminal = $3 RETURNING revoked_ms"};
constexpr Statement void_invitations{"UPDATE invitation SET used = 1 WHERE terminal = $1"};
constexpr Statement find_revoked{
    "SELECT 1 FROM terminal WHERE terminal = $1 AND revoked_ms IS NOT NULL"};

base::Result<void> store_revocation(Store& store, const Revocation& revocation) {
    TRY(transaction, Transaction::begin(store));
    TRY(rows, store.run(revoke_terminal, {column_of(revocation.at_ms), revocation.reason,
                                          revocation.terminal.get()}));
    if (rows.empty()) return base::fail(base::Errc::config_bad, "revoke.not_enrolled");
    TRY_VOID(store.run(void_invitations, {revocation.terminal.get()}));
    return transaction.commit();
}

}  // namespace

base::Result<void> revoke(Store& store, const Revocation& revocation) {
    if (revocation.reason.empty() || revocation.reason.size() > limits::site_bytes_max)
        return base::fail(base::Errc::config_bad, "revoke.reason");
    TRY_VOID(with_retries([&] { return store_revocation(store, revocation); }));
    base::log(base::LogEvent::alarm_raised, {{"kind", "terminal_revoked"}, {"count", 1}});
    return {};
}

base::Result<bool> is_revoked(Store& store, const base::Uuid& terminal) {
    TRY(rows, store.run(find_revoked, {terminal.get()}));
    return !rows.empty();
}

}  // namespace backend

// SPDX-License-Identifier: EUPL-1.2
#include "sync/backend/authorities/webhooks.hpp"

#include "drivers/base/limits_exchange.hpp"
#include "sync/backend/store/columns.hpp"

namespace backend {
namespace {

constexpr Statement read_waiting{
    "SELECT c.n, c.token FROM change c LEFT JOIN webhook_state w ON w.authority = c.authority"
    " WHERE c.authority = $1 AND c.urgent = 1 AND c.n > COALESCE(w.delivered_n, 0)"
    // A moment far in the future stems from a clock that was wrong.
    " AND (w.next_ms IS NULL OR w.next_ms <= $2 OR w.next_ms > $3)"
    " AND (w.holder IS NULL OR w.holder = $4 OR w.lease_ms < $2 OR w.lease_ms > $5)"
    " ORDER BY c.n LIMIT 1"};
constexpr Statement open_queue{
    "INSERT INTO webhook_state (authority, delivered_n, attempts, refused, next_ms, holder,"
    " lease_ms) VALUES ($1, 0, 0, 0, 0, '', 0) ON CONFLICT (authority) DO NOTHING"};
constexpr Statement take_lease{
    "UPDATE webhook_state SET holder = $1, lease_ms = $2 WHERE authority = $3 AND delivered_n < $4"
    " AND (holder = $1 OR lease_ms < $5 OR lease_ms > $2) RETURNING attempts"};
constexpr Statement set_delivered{
    "UPDATE webhook_state SET delivered_n = $1, attempts = 0, next_ms = 0, refused = refused + $2"
    " WHERE authority = $3 AND holder = $4 AND delivered_n < $1"};
constexpr Statement set_postponed{
    "UPDATE webhook_state SET attempts = attempts + 1, next_ms = $1 WHERE authority = $2"
    " AND holder = $3"};
constexpr Statement end_leases{"UPDATE webhook_state SET lease_ms = 0 WHERE holder = $1"};

base::Result<void> move_on(Store& store, std::string_view authority, const Holder& holder,
                           std::uint64_t n, std::int64_t refused) {
    TRY_VOID(store.run(set_delivered, {column_of(n), refused, authority, holder.name}));
    return {};
}

}  // namespace

base::Result<std::optional<Delivery>> next_delivery(Store& store, std::string_view authority,
                                                    const Holder& holder) {
    const std::int64_t now = column_of(holder.now_ms);
    const std::int64_t lease_end = now + column_of(limits::webhook_lease_ms);
    TRY(rows, store.run(read_waiting, {authority, now, now + column_of(limits::webhook_wait_ms_max),
                                       holder.name, lease_end}));
    if (rows.empty()) return std::optional<Delivery>{};
    Delivery delivery{rows[0].count(0), rows[0].text(1)};
    TRY_VOID(store.run(open_queue, {authority}));
    TRY(taken, store.run(take_lease, {holder.name, lease_end, authority, rows[0].number(0), now}));
    if (taken.empty()) return std::optional<Delivery>{};
    delivery.attempts = static_cast<unsigned>(taken[0].count(0));
    return std::optional<Delivery>{std::move(delivery)};
}

base::Result<void> delivered(Store& store, std::string_view authority, const Holder& holder,
                             std::uint64_t n) {
    return move_on(store, authority, holder, n, 0);
}

base::Result<void> pass_over(Store& store, std::string_view authority, const Holder& holder,
                             std::uint64_t n) {
    return move_on(store, authority, holder, n, 1);
}

base::Result<void> postpone(Store& store, std::string_view authority, const Holder& holder,
                            std::uint64_t wait_ms) {
    TRY_VOID(
        store.run(set_postponed, {column_of(holder.now_ms + wait_ms), authority, holder.name}));
    return {};
}

base::Result<void> release_leases(Store& store, const Holder& holder) {
    TRY_VOID(store.run(end_leases, {holder.name}));
    return {};
}

}  // namespace backend

// SPDX-License-Identifier: EUPL-1.2
#include "sync/backend/authorities/outgoing.hpp"

#include "drivers/base/limits.hpp"
#include "sync/backend/store/columns.hpp"

namespace backend {
namespace {

constexpr Statement first_status{
    "INSERT INTO status (authority, declaration, state, at_ms, reason) VALUES ($1, $2, $3, $4, $5)"
    " ON CONFLICT (authority, declaration) DO NOTHING RETURNING at_ms"};
// "acknowledged" that comes late takes back nothing that was done since.
constexpr Statement next_status{
    "INSERT INTO status (authority, declaration, state, at_ms, reason) VALUES ($1, $2, $3, $4, $5)"
    " ON CONFLICT (authority, declaration) DO UPDATE SET state = excluded.state,"
    " at_ms = excluded.at_ms, reason = excluded.reason"
    " WHERE (status.state <> excluded.state OR status.reason <> excluded.reason)"
    " AND (excluded.state <> 'acknowledged' OR status.state = 'received') RETURNING at_ms"};
// Locks the terminal, so that two writers cannot take the same number.
constexpr Statement lock_terminal{
    "UPDATE terminal SET site = site WHERE terminal = $1 RETURNING enrolled_ms"};
constexpr Statement last_number{
    "SELECT COALESCE(MAX(n), 0) FROM terminal_event WHERE terminal = $1"};
constexpr Statement insert_event{
    "INSERT INTO terminal_event (terminal, n, set_text, filed_ms) VALUES ($1, $2, $3, $4)"};
constexpr Statement find_events{
    "SELECT n, set_text FROM terminal_event WHERE terminal = $1 AND n > $2 ORDER BY n LIMIT $3"};

}  // namespace

base::Result<bool> add_status(Store& store, const ReceiptIssuer& issuer, const base::Uuid& terminal,
                              const receipts::Applied& status) {
    const bool first = status.state == receipts::AppliedState::received;
    TRY(added, store.run(first ? first_status : next_status,
                         {status.authority.get(), status.declaration.get(),
                          receipts::word(status.state), column_of(status.at_ms), status.reason}));
    if (added.empty()) return false;
    TRY_VOID(add_event(store, issuer, terminal, status));
    return true;
}

base::Result<void> add_event(Store& store, const ReceiptIssuer& issuer, const base::Uuid& terminal,
                             const receipts::Applied& status) {
    TRY_VOID(store.run(lock_terminal, {terminal.get()}));
    TRY(last, store.run(last_number, {terminal.get()}));
    TRY(set, issuer.applied(terminal, status));
    TRY_VOID(store.run(insert_event,
                       {terminal.get(), last[0].number(0) + 1, set, column_of(status.at_ms)}));
    return {};
}

base::Result<std::vector<TerminalEvent>> events_after(Store& store, const base::Uuid& terminal,
                                                      std::uint64_t after) {
    TRY(rows, store.run(find_events,
                        {terminal.get(), column_of(after), column_of(limits::events_page_max)}));
    std::vector<TerminalEvent> events;
    events.reserve(rows.size());
    for (const Row& row : rows) events.push_back({row.count(0), row.text(1)});
    return events;
}

}  // namespace backend

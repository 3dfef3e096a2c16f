// SPDX-License-Identifier: EUPL-1.2
#include "sync/backend/retention/expire.hpp"

#include <algorithm>

#include "drivers/base/limits_exchange.hpp"
#include "drivers/base/limits_retention.hpp"
#include "sync/backend/authorities/german_day.hpp"
#include "sync/backend/store/columns.hpp"

namespace backend {
namespace {

// $1 is the moment before which a period must have begun, $2 the bound of one step.
constexpr Statement drop_accesses{
    "DELETE FROM access_report WHERE (authority, id) IN (SELECT authority, id FROM access_report"
    " WHERE at_ms < $1 LIMIT $2) RETURNING at_ms"};
constexpr Statement drop_requests{
    "DELETE FROM release_request WHERE (authority, id) IN (SELECT authority, id FROM"
    " release_request WHERE until < $1 LIMIT $2) RETURNING asked_ms"};
constexpr Statement drop_accounts{
    "DELETE FROM portal_account WHERE (portal, account) IN (SELECT portal, account FROM"
    " portal_account WHERE linked_ms < $1 LIMIT $2) RETURNING linked_ms"};
// Whom the code meant goes; that it was there keeps a replayed request from opening it again.
constexpr Statement empty_codes{
    "UPDATE portal_code SET sealed = '' WHERE code_hash IN (SELECT code_hash FROM portal_code"
    " WHERE sealed <> '' AND expires_ms < $1 LIMIT $2) RETURNING expires_ms"};
// A person who was matched to a file by a slip and never gave a release.
constexpr Statement drop_files{
    "DELETE FROM assignment WHERE (authority, handle) IN (SELECT a.authority, a.handle FROM"
    " assignment a WHERE a.assigned_ms < $1 AND NOT EXISTS (SELECT 1 FROM view_item v WHERE"
    " v.authority = a.authority AND v.handle = a.handle) LIMIT $2) RETURNING assigned_ms"};
constexpr Statement drop_slips{
    "DELETE FROM invitation_slip WHERE (authority, id) IN (SELECT authority, id FROM"
    " invitation_slip WHERE used_ms < $1 LIMIT $2) RETURNING used_ms"};
// Rows of an earlier version do not say when they came: their period begins now.
constexpr Statement date_messages{
    "UPDATE terminal_event SET filed_ms = $1 WHERE (terminal, n) IN (SELECT terminal, n FROM"
    " terminal_event WHERE filed_ms = 0 LIMIT $2) RETURNING n"};
// The newest one stays: the next number follows from it.
constexpr Statement drop_messages{
    "DELETE FROM terminal_event WHERE (terminal, n) IN (SELECT e.terminal, e.n FROM terminal_event"
    " e WHERE e.filed_ms > 0 AND e.filed_ms < $1 AND EXISTS (SELECT 1 FROM terminal_event l WHERE"
    " l.terminal = e.terminal AND l.n > e.n) LIMIT $2) RETURNING n"};
constexpr Statement drop_invitations{
    "DELETE FROM invitation WHERE code_hash IN (SELECT code_hash FROM invitation WHERE expires_ms"
    " < $1 LIMIT $2) RETURNING used"};

class Step {
  public:
    explicit Step(Store& store) : store_(store) {}

    base::Result<std::uint64_t> run(const Statement& statement, const Param& before) {
        TRY(rows, store_.run(statement, {before, bound}));
        more_ = more_ || rows.size() == limits::purge_entries_max;
        return rows.size();
    }
    [[nodiscard]] bool more() const { return more_; }

  private:
    static constexpr auto bound = static_cast<std::int64_t>(limits::purge_entries_max);
    Store& store_;
    bool more_ = false;
};

std::int64_t ago(std::uint64_t now_ms, std::uint64_t period_ms) {
    return column_of(now_ms - std::min(now_ms, period_ms));
}

}  // namespace

base::Result<Expired> expire(Store& store, const Expiry& expiry) {
    Step step(store);
    Expired out;
    const std::int64_t now = column_of(expiry.now_ms);
    const std::int64_t evidence = column_of(expiry.evidence_before_ms);
    TRY(accesses, step.run(drop_accesses, ago(expiry.now_ms, limits::access_age_ms_max)));
    out.accesses = accesses;
    const std::string today = german_day(expiry.now_ms);
    TRY(requests, step.run(drop_requests, std::string_view(today)));
    out.requests = requests;
    for (const Statement* each : {&drop_accounts, &drop_files, &drop_slips}) {
        TRY(links, step.run(*each, evidence));
        out.links += links;
    }
    TRY(codes, step.run(empty_codes, now));
    out.links += codes;
    TRY_VOID(step.run(date_messages, now));
    const std::int64_t messages_before = ago(expiry.now_ms, limits::message_ms_max);
    for (const Statement* each : {&drop_messages, &drop_invitations}) {
        TRY(messages, step.run(*each, messages_before));
        out.messages += messages;
    }
    out.more = step.more();
    return out;
}

}  // namespace backend

// SPDX-License-Identifier: EUPL-1.2
#include "sync/backend/retention/erase.hpp"

#include <set>

#include "sync/backend/store/columns.hpp"

namespace backend {
namespace {

constexpr Statement empty_record{
    "UPDATE record SET scopes = $1, jwe = '' WHERE terminal = $2 AND epoch = $3 AND seq = $4"
    " AND leaf = $5"};
constexpr Statement empty_advance{"UPDATE advance SET scopes = $1, jwe = '' WHERE leaf = $2"};
constexpr Statement empty_quarantine{
    "UPDATE quarantine SET scopes = $1, jwe = '' WHERE terminal = $2 AND epoch = $3 AND seq = $4"
    " AND leaf = $5"};

constexpr Statement find_tags{
    "SELECT tag_s FROM part WHERE leaf = $1 UNION SELECT tag_sr FROM part WHERE leaf = $1"
    " UNION SELECT tag_er FROM part WHERE leaf = $1 UNION SELECT tag FROM act WHERE leaf = $1"
    " UNION SELECT declaration FROM part WHERE leaf = $1"};
constexpr Statement drop_scope{
    "DELETE FROM scope_state WHERE tag = $1"
    " AND NOT EXISTS (SELECT 1 FROM part WHERE tag_s = $1)"
    " AND NOT EXISTS (SELECT 1 FROM part WHERE tag_sr = $1)"
    " AND NOT EXISTS (SELECT 1 FROM part WHERE tag_er = $1)"
    " AND NOT EXISTS (SELECT 1 FROM part WHERE declaration = $1)"
    " AND NOT EXISTS (SELECT 1 FROM act WHERE tag = $1)"};
constexpr Statement find_shown{"SELECT authority, handle FROM view_item WHERE leaf = $1"};
constexpr Statement find_declarations{
    "SELECT declaration FROM part WHERE leaf = $1 UNION SELECT declaration FROM act WHERE leaf = "
    "$1"};
constexpr Statement drop_status{
    "DELETE FROM status WHERE declaration = $1"
    " AND NOT EXISTS (SELECT 1 FROM view_item WHERE declaration = $1)"};
// A person of whom nothing is left has no file here any more.
constexpr Statement drop_assignment{
    "DELETE FROM assignment WHERE authority = $1 AND handle = $2"
    " AND NOT EXISTS (SELECT 1 FROM view_item WHERE authority = $1 AND handle = $2)"};
// The newest row stays without its content: what comes next is queued behind it.
constexpr Statement empty_mail{
    "UPDATE fit_submission SET state = 3, submission = NULL, case_id = NULL, metadata = '',"
    " data = '' WHERE (authority, n) IN (SELECT authority, n FROM change WHERE leaf = $1 OR"
    " cause = $1)"};
constexpr Statement drop_mail{
    "DELETE FROM fit_submission WHERE (authority, n) IN (SELECT authority, n FROM change WHERE"
    " leaf = $1 OR cause = $1) AND EXISTS (SELECT 1 FROM fit_submission l WHERE l.authority ="
    " fit_submission.authority AND l.n > fit_submission.n)"};
constexpr Statement drop_changes{"DELETE FROM change WHERE leaf = $1 OR cause = $1"};
constexpr Statement drop_by_leaf[] = {
    {"DELETE FROM effect WHERE part_leaf = $1"},
    {"DELETE FROM effect WHERE act_leaf = $1"},
    {"DELETE FROM part WHERE leaf = $1"},
    {"DELETE FROM act WHERE leaf = $1"},
    {"DELETE FROM objection_place WHERE leaf = $1"},
    {"DELETE FROM view_part WHERE leaf = $1"},
    {"DELETE FROM view_item WHERE leaf = $1"},
};

}  // namespace

base::Result<void> erase_content(Store& store, const Place& place, const receipts::Hash& leaf) {
    const auto& terminal = place.terminal.get();
    const std::int64_t epoch = place.epoch;
    const std::int64_t seq = column_of(place.seq);
    const base::Bytes nothing;
    TRY(tags, store.run(find_tags, {leaf}));
    TRY(shown, store.run(find_shown, {leaf}));
    TRY(declarations, store.run(find_declarations, {leaf}));
    TRY_VOID(store.run(empty_record, {nothing, terminal, epoch, seq, leaf}));
    TRY_VOID(store.run(empty_advance, {nothing, leaf}));
    TRY_VOID(store.run(empty_quarantine, {nothing, terminal, epoch, seq, leaf}));
    for (const Statement* statement : {&empty_mail, &drop_mail, &drop_changes})
        TRY_VOID(store.run(*statement, {leaf}));
    for (const Statement& statement : drop_by_leaf) TRY_VOID(store.run(statement, {leaf}));
    for (const Row& row : tags) TRY_VOID(store.run(drop_scope, {row.bytes(0)}));
    // In the rule's tables an id has zeros behind it, up to the length of a tag.
    for (const Row& row : declarations)
        TRY_VOID(store.run(drop_status, {base::ByteView(row.bytes(0)).first(16)}));
    for (const Row& row : shown) {
        TRY_VOID(store.run(drop_assignment, {row.text(0), row.bytes(1)}));
    }
    return {};
}

}  // namespace backend

// SPDX-License-Identifier: EUPL-1.2
#include "sync/backend/fitconnect/submissions.hpp"

#include "drivers/base/limits_fitconnect.hpp"
#include "sync/backend/store/columns.hpp"

namespace backend {
namespace {

// A change comes into the queue behind the last one of its authority, so none is left out.
constexpr Statement add_missing{
    "INSERT INTO fit_submission (authority, n, state, metadata, data, announced_ms, sent_ms,"
    " next_ms, tries, refusals)"
    " SELECT c.authority, c.n, 0, '', '', 0, 0, $1, 0, 0 FROM change c"
    " WHERE c.authority = $2 AND c.n > (SELECT COALESCE(MAX(s.n), 0) FROM fit_submission s"
    "  WHERE s.authority = $2) ORDER BY c.n LIMIT $3"
    " ON CONFLICT (authority, n) DO NOTHING"};
constexpr Statement find_due{
    "SELECT s.authority, s.n, s.next_ms, s.state, s.submission, s.case_id, s.metadata, s.data,"
    " s.announced_ms, s.sent_ms, s.tries, s.refusals, c.declaration, c.token"
    " FROM fit_submission s JOIN change c ON c.authority = s.authority AND c.n = s.n"
    " WHERE s.state < 3 AND s.next_ms <= $1 ORDER BY s.next_ms, s.authority, s.n LIMIT $2"};
// Only the one who still finds the row as it was may have it.
constexpr Statement claim{
    "UPDATE fit_submission SET next_ms = $1 WHERE authority = $2 AND n = $3 AND next_ms = $4"
    " AND state = $5 RETURNING n"};
constexpr Statement write_back{
    "UPDATE fit_submission SET state = $1, submission = $2, case_id = $3, metadata = $4, data = $5,"
    " announced_ms = $6, sent_ms = $7, next_ms = $8, tries = $9, refusals = $10"
    " WHERE authority = $11 AND n = $12 AND next_ms = $13"};
constexpr Statement count_states{
    "SELECT COALESCE(SUM(CASE WHEN state < 3 THEN 1 ELSE 0 END), 0),"
    " COALESCE(SUM(CASE WHEN state < 3 AND refusals > 0 THEN 1 ELSE 0 END), 0),"
    " COALESCE(SUM(CASE WHEN state = 3 THEN 1 ELSE 0 END), 0) FROM fit_submission"};

std::optional<base::Uuid> uuid_column(const Row& row, std::size_t column) {
    if (row.is_null(column)) return {};
    return uuid_of(row.bytes(column));
}

Param uuid_param(const std::optional<base::Uuid>& uuid) {
    if (!uuid) return nullptr;
    return base::ByteView(uuid->get());
}

}  // namespace

base::Result<void> enqueue_changes(Store& store, std::string_view authority, std::uint64_t now_ms) {
    TRY_VOID(store.run(add_missing, {column_of(now_ms), authority,
                                     static_cast<std::int64_t>(limits::fit_step_rows_max)}));
    return {};
}

base::Result<std::vector<Submission>> claim_due(Store& store, std::uint64_t now_ms,
                                                std::uint64_t claimed_until_ms) {
    TRY(rows, store.run(find_due,
                        {column_of(now_ms), static_cast<std::int64_t>(limits::fit_step_rows_max)}));
    std::vector<Submission> out;
    for (const Row& row : rows) {
        TRY(claimed, store.run(claim, {column_of(claimed_until_ms), row.text(0), row.number(1),
                                       row.number(2), row.number(3)}));
        if (claimed.empty()) continue;
        Submission& item = out.emplace_back();
        item.authority = row.text(0);
        item.n = row.count(1);
        item.claimed_until_ms = claimed_until_ms;
        item.state = static_cast<SubmissionState>(row.number(3));
        item.submission = uuid_column(row, 4);
        item.case_id = uuid_column(row, 5);
        item.metadata = row.text(6);
        item.data = row.text(7);
        item.announced_ms = row.count(8);
        item.sent_ms = row.count(9);
        item.tries = row.count(10);
        item.refusals = row.count(11);
        item.declaration = uuid_of(row.bytes(12));
        item.token = row.text(13);
    }
    return out;
}

base::Result<void> store_submission(Store& store, const Submission& row, std::uint64_t next_ms) {
    TRY_VOID(store.run(
        write_back,
        {static_cast<std::int64_t>(row.state), uuid_param(row.submission), uuid_param(row.case_id),
         row.metadata, row.data, column_of(row.announced_ms), column_of(row.sent_ms),
         column_of(next_ms), column_of(row.tries), column_of(row.refusals), row.authority,
         column_of(row.n), column_of(row.claimed_until_ms)}));
    return {};
}

base::Result<SubmissionCounts> count_submissions(Store& store) {
    TRY(rows, store.run(count_states, {}));
    const Row& row = rows.at(0);
    return SubmissionCounts{row.count(0), row.count(1), row.count(2)};
}

}  // namespace backend

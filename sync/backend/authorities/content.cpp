// SPDX-License-Identifier: EUPL-1.2
#include "sync/backend/authorities/content.hpp"

#include "sync/backend/store/columns.hpp"

namespace backend {
namespace {

constexpr Statement find_record{
    "SELECT r.jwe, r.header, r.seq FROM record r WHERE r.terminal = $1 AND r.epoch = $2"
    " AND r.seq = $3 AND r.leaf = $4"};
constexpr Statement find_copy{"SELECT a.jwe, a.header, a.seq FROM advance a WHERE a.leaf = $1"};
constexpr Statement find_quarantined{
    "SELECT q.jwe, q.header, q.seq FROM quarantine q WHERE q.terminal = $1 AND q.epoch = $2"
    " AND q.seq = $3 AND q.leaf = $4"};

}  // namespace

base::Result<Rows> content_of(Store& store, const Place& place, const receipts::Hash& leaf) {
    for (const Statement* statement : {&find_record, &find_quarantined}) {
        TRY(rows, store.run(*statement, {place.terminal.get(), std::int64_t{place.epoch},
                                         column_of(place.seq), leaf}));
        if (!rows.empty()) return std::move(rows);
    }
    return store.run(find_copy, {leaf});
}

}  // namespace backend

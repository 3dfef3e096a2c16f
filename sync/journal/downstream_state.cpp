// SPDX-License-Identifier: EUPL-1.2
// What the downstream must not forget, as bytes: what they mean is sync/downstream's business. One
// row, replaced in one transaction, so that version and content can never part (I14). No manifest
// yet is NULL.
#include "sync/journal/core.hpp"

namespace journal {
namespace {

constexpr const char* load_downstream_sql =
    "SELECT root, manifest, manifest_counts FROM downstream WHERE id = 1";
constexpr const char* save_downstream_sql =
    "INSERT INTO downstream VALUES(1, ?, ?, ?) ON CONFLICT(id) DO UPDATE SET "
    "root = excluded.root, manifest = excluded.manifest, "
    "manifest_counts = excluded.manifest_counts";

}  // namespace

base::Result<std::optional<DownstreamState>> Journal::downstream_state() {
    return core_->guarded([this]() -> base::Result<std::optional<DownstreamState>> {
        TRY(query, core_->db().query(load_downstream_sql));
        TRY(row, query.step());
        if (!row) return std::optional<DownstreamState>{};
        return std::optional(DownstreamState{query.blob(0), query.blob(1), query.number(2) != 0});
    });
}

base::Result<void> Journal::store_downstream_state(const DownstreamState& state) {
    return core_->guarded([&]() -> base::Result<void> {
        TRY_VOID(core_->set_size_bound(true));
        TRY(transaction, Transaction::begin(core_->db()));
        {
            TRY(update, core_->db().query(save_downstream_sql));
            TRY_VOID(update.bind(base::ByteView(state.root))
                         .bind(base::ByteView(state.manifest))
                         .bind(std::uint64_t{state.manifest_counts ? 1U : 0U})
                         .run());
        }
        TRY_VOID(transaction.commit());
        core_->after_commit();
        return {};
    });
}

}  // namespace journal

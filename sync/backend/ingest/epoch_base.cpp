// SPDX-License-Identifier: EUPL-1.2
#include "sync/backend/ingest/epoch_base.hpp"

#include "sync/backend/store/columns.hpp"

namespace backend {
namespace {

constexpr Statement find_base{
    "SELECT epoch, seq FROM record WHERE terminal = $1 AND leaf = $2 AND epoch < $3"
    " ORDER BY epoch DESC, seq DESC LIMIT 1"};
// A copy that is there only because another one ran ahead to the same free place is not refused
// yet: the chain decides which of the two it is.
constexpr Statement find_refused_base{
    "SELECT 1 FROM quarantine q WHERE q.terminal = $1 AND q.leaf = $2 AND q.epoch < $3"
    " AND (NOT EXISTS (SELECT 1 FROM advance a WHERE a.terminal = q.terminal"
    " AND a.epoch = q.epoch AND a.seq = q.seq AND a.leaf <> q.leaf)"
    " OR EXISTS (SELECT 1 FROM record r WHERE r.terminal = q.terminal"
    " AND r.epoch = q.epoch AND r.seq = q.seq)) LIMIT 1"};

}  // namespace

base::Result<EpochStart> epoch_start(Store& store, const Event& first) {
    if (is_zero(first.prev)) return EpochStart{};
    const auto& terminal = first.place.terminal.get();
    const std::int64_t epoch = first.place.epoch;
    TRY(found, store.run(find_base, {terminal, first.prev, epoch}));
    if (!found.empty()) {
        return EpochStart{Continues::stored, static_cast<std::uint32_t>(found[0].count(0)),
                          found[0].count(1)};
    }
    TRY(refused, store.run(find_refused_base, {terminal, first.prev, epoch}));
    return EpochStart{refused.empty() ? Continues::awaited : Continues::refused};
}

}  // namespace backend

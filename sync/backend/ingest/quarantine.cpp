// SPDX-License-Identifier: EUPL-1.2
#include "sync/backend/ingest/quarantine.hpp"

#include "drivers/base/log.hpp"
#include "sync/backend/ingest/apply.hpp"
#include "sync/backend/store/columns.hpp"

namespace backend {
namespace {

constexpr Statement add_record{
    "INSERT INTO quarantine (terminal, epoch, seq, leaf, header, scopes, jwe, head_jws)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING RETURNING seq"};
constexpr Statement add_pending{
    "INSERT INTO log_pending (leaf, terminal, epoch, seq) VALUES ($1, $2, $3, $4)"
    " ON CONFLICT (leaf) DO NOTHING"};

}  // namespace

base::Result<void> quarantine(Store& store, std::span<const Contradiction> records,
                              std::string_view head) {
    std::vector<const Event*> fresh;
    for (const auto& [event, record] : records) {
        const auto& terminal = event->place.terminal.get();
        const std::int64_t epoch = event->place.epoch;
        const std::int64_t seq = column_of(event->place.seq);
        TRY(added, store.run(add_record, {terminal, epoch, seq, event->leaf, record->header,
                                          record->scopes, record->jwe, head}));
        if (added.empty()) continue;
        base::log(base::LogEvent::fork_quarantined, {{"epoch", epoch}, {"seq", seq}});
        TRY_VOID(store.run(add_pending, {event->leaf, terminal, epoch, seq}));
        fresh.push_back(event);
    }
    return apply(store, fresh, Standing::quarantined);
}

}  // namespace backend

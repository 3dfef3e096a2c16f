// SPDX-License-Identifier: EUPL-1.2
#include "sync/backend/ingest/objection_places.hpp"

#include <algorithm>
#include <vector>

#include "sync/backend/store/columns.hpp"

namespace backend {
namespace {

constexpr Statement add_place{
    "INSERT INTO objection_place (declaration, leaf, terminal, epoch, seq)"
    " VALUES ($1, $2, $3, $4, $5) ON CONFLICT (declaration, leaf) DO NOTHING"};
// Like a part's: on its chain, unless it was refused there or another record stands there.
constexpr Statement find_places{
    "SELECT o.epoch, o.seq, l.log_index,"
    " CASE WHEN EXISTS (SELECT 1 FROM record r WHERE r.terminal = o.terminal"
    " AND r.epoch = o.epoch AND r.seq = o.seq AND r.leaf = o.leaf) THEN 1"
    " WHEN EXISTS (SELECT 1 FROM quarantine q WHERE q.terminal = o.terminal"
    " AND q.epoch = o.epoch AND q.seq = o.seq AND q.leaf = o.leaf)"
    " OR EXISTS (SELECT 1 FROM record r WHERE r.terminal = o.terminal AND r.epoch = o.epoch"
    " AND r.seq = o.seq) THEN 0 ELSE 1 END FROM objection_place o"
    " LEFT JOIN log_entry l ON l.terminal = o.terminal AND l.epoch = o.epoch AND l.seq = o.seq"
    " AND l.leaf = o.leaf WHERE o.declaration = $1 AND o.terminal = $2 ORDER BY o.leaf"};

/// The part as it stands at each place of its objection, its own first.
base::Result<std::vector<Part>> at_all_places(Store& store, const Part& part) {
    TRY(rows, store.run(find_places, {part.declaration, part.place.terminal.get()}));
    std::vector<Part> places{part};
    std::optional<std::uint64_t> lowest = part.log_index;
    for (const Row& row : rows) {
        Part& other = places.emplace_back(part);
        other.place.epoch = static_cast<std::uint32_t>(row.count(0));
        other.place.seq = row.count(1);
        other.on_chain = row.number(3) != 0;
        if (!row.is_null(2)) lowest = std::min(lowest.value_or(row.count(2)), row.count(2));
    }
    for (Part& place : places) place.log_index = lowest;
    return places;
}

}  // namespace

base::Result<void> add_objection_place(Store& store, const Event& event) {
    TRY_VOID(store.run(add_place, {event.declaration, event.leaf, event.place.terminal.get(),
                                   std::int64_t{event.place.epoch}, column_of(event.place.seq)}));
    return {};
}

base::Result<Effect> effect_at_all_places(Store& store, std::span<const Act> act, const Part& part,
                                          const Lineage& lineage) {
    const bool takes_back = act.front().kind == RecordKind::objection_withdrawn;
    if (!takes_back || part.kind != RecordKind::objection) return effect_of(act, part, lineage);
    TRY(places, at_all_places(store, part));
    Effect effect = Effect::none;
    for (const Part& place : places) effect = std::max(effect, effect_of(act, place, lineage));
    return effect;
}

}  // namespace backend

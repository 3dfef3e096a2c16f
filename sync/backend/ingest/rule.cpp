// SPDX-License-Identifier: EUPL-1.2
#include "sync/backend/ingest/rule.hpp"

#include <algorithm>

namespace backend {
namespace {

bool names_declaration(const Act& act, const Part& part) {
    if (act.target != part.declaration) return false;
    // Whoever identified the person may name the id. A slip alone must prove that it is the slip of
    // this declaration.
    if (!is_zero(act.tag_s)) return true;
    return !is_zero(act.slip_hash) && act.slip_hash == part.slip_hash;
}

bool addresses(const Act& act, const Part& part) {
    switch (act.target_kind) {
        case TargetKind::declaration:
            return names_declaration(act, part);
        case TargetKind::subject:
            return !is_zero(act.target) && act.target == part.tag_s;
        case TargetKind::recipient:
            return !is_zero(act.target) && act.target == part.tag_sr;
        case TargetKind::entry_recipient:
            return !is_zero(act.target) && act.target == part.tag_er;
    }
    return false;
}

bool known_before(std::optional<std::uint64_t> log_index, std::uint64_t observed) {
    return log_index.has_value() && *log_index < observed;
}

Effect on_permission(const Act& act, const Part& part, const Lineage& lineage) {
    const bool protects = act.kind == RecordKind::withdrawal || act.kind == RecordKind::objection ||
                          act.kind == RecordKind::provisional_withdrawal;
    if (!protects || !addresses(act, part)) return Effect::none;
    if (act.target_kind != TargetKind::declaration) {
        const bool on_chain = act.on_chain && before_on_chain(act.place, part.place, lineage);
        if (on_chain || known_before(act.log_index, part.observed)) return Effect::none;
    }
    return act.kind == RecordKind::provisional_withdrawal ? Effect::suspends : Effect::ends;
}

Effect on_objection(const Act& act, const Part& part, const Lineage& lineage) {
    if (act.kind != RecordKind::objection_withdrawn || !addresses(act, part)) return Effect::none;
    const bool on_chain =
        act.on_chain && part.on_chain && before_on_chain(part.place, act.place, lineage);
    const bool seen = on_chain || known_before(part.log_index, act.observed);
    return seen ? Effect::ends : Effect::none;
}

}  // namespace

bool is_zero(const Tag& tag) {
    return std::ranges::all_of(tag, [](std::uint8_t byte) { return byte == 0; });
}

bool before_on_chain(const Place& first, const Place& second, const Lineage& lineage) {
    if (first.terminal != second.terminal || first.epoch > second.epoch) return false;
    Place at = second;
    // Going back one epoch a turn; the epoch falls every time, so this ends.
    while (at.epoch > first.epoch) {
        const auto base = std::ranges::find(lineage, at.epoch, &EpochBase::epoch);
        if (base == lineage.end() || base->base_epoch >= at.epoch) return false;
        // The named head itself still belongs to the chain, so what follows it is "one after".
        at.epoch = base->base_epoch;
        at.seq = base->base_seq + 1;
    }
    return at.epoch == first.epoch && first.seq < at.seq;
}

Effect effect_of(const Act& act, const Part& part, const Lineage& lineage) {
    switch (part.kind) {
        case RecordKind::grant:
        case RecordKind::decision:
            return on_permission(act, part, lineage);
        case RecordKind::objection:
            return on_objection(act, part, lineage);
        case RecordKind::withdrawal:
        case RecordKind::objection_withdrawn:
        case RecordKind::provisional_withdrawal:
        case RecordKind::notice:
            return Effect::none;
    }
    return Effect::none;
}

Effect effect_of(std::span<const Act> places, const Part& part, const Lineage& lineage) {
    const auto lowest = [](const Act& a, const Act& b) {
        return a.log_index && (!b.log_index || *a.log_index < *b.log_index);
    };
    const auto log_index = std::ranges::min_element(places, lowest)->log_index;
    const bool objected = part.kind == RecordKind::objection;
    Effect effect = objected ? Effect::none : Effect::ends;
    for (Act act : places) {
        act.log_index = log_index;
        const Effect here = effect_of(act, part, lineage);
        effect = objected ? std::max(effect, here) : std::min(effect, here);
    }
    return effect;
}

}  // namespace backend

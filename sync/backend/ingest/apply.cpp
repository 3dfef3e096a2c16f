// SPDX-License-Identifier: EUPL-1.2
#include "sync/backend/ingest/apply.hpp"

#include <algorithm>
#include <map>
#include <span>
#include <tuple>

#include "drivers/base/limits.hpp"
#include "sync/backend/ingest/applied.hpp"
#include "sync/backend/ingest/objection_places.hpp"
#include "sync/backend/ingest/stored.hpp"
#include "sync/backend/log/log_names.hpp"
#include "sync/backend/store/columns.hpp"

namespace backend {
namespace {

constexpr Statement lock_scope{
    "INSERT INTO scope_state (tag, parts, acts) VALUES ($1, $2, $3) ON CONFLICT (tag) DO UPDATE SET"
    " parts = scope_state.parts + excluded.parts, acts = scope_state.acts + excluded.acts"
    " RETURNING tag, parts, acts"};
constexpr Statement add_part{
    "INSERT INTO part (leaf, part_no, terminal, epoch, seq, kind, declaration, tag_s, tag_sr, "
    "tag_er,"
    " observed, slip_hash, wall_ms, state)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)"};
constexpr Statement add_act{
    "INSERT INTO act (leaf, target_no, terminal, epoch, seq, on_chain, kind, declaration, "
    "target_kind, tag,"
    " tag_s, slip_hash, observed, wall_ms)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)"};
// Of each pair one is new; but a purge that erased a part while an act on it came in may have left
// an effect behind, and no batch may be refused for ever because of one.
constexpr Statement add_effect{
    "INSERT INTO effect (part_leaf, part_no, act_leaf, strength) VALUES ($1, $2, $3, $4)"
    " ON CONFLICT (part_leaf, part_no, act_leaf) DO UPDATE SET strength = excluded.strength"
    " WHERE effect.strength < excluded.strength"};
constexpr Statement worsen_part{
    "UPDATE part SET state = $1 WHERE leaf = $2 AND part_no = $3 AND state < $1"};
constexpr Statement find_bases{
    "SELECT epoch, base_epoch, base_seq FROM chain WHERE terminal = $1 AND base_epoch IS NOT NULL"
    " ORDER BY epoch DESC LIMIT $2"};
constexpr Statement take_off_chain{"UPDATE act SET on_chain = 0 WHERE leaf = $1"};
constexpr Statement put_on_chain{"UPDATE act SET on_chain = 1 WHERE leaf = $1"};

/// Applies the events of one call; lives as long as it.
class Application {
  public:
    Application(Store& store, std::span<const Event* const> events, Standing standing)
        : store_(store), standing_(standing) {
        for (const Event* event : events) {
            if (counts(*event)) events_.push_back(event);
        }
    }

    base::Result<void> run() {
        TRY_VOID(pass_over_applied());
        TRY_VOID(note_objection_places());
        TRY_VOID(lock());
        for (const Event* event : events_) {
            TRY(observed, provable(event->observed));
            add_parts(*event, observed);
            add_acts(*event, observed);
        }
        TRY_VOID(parts_meet_acts());
        TRY_VOID(acts_meet_stored_parts());
        return write();
    }

  private:
    /// Of a quarantined chain only what protects counts: withdrawals and objections, not grants and
    /// not the end of an objection.
    [[nodiscard]] bool counts(const Event& event) const {
        return event.usable &&
               (standing_ == Standing::on_chain || model::is_protective(event.kind));
    }

    /// When an event comes by its chain after the others, all that changes is that it stands there.
    base::Result<void> pass_over_applied() {
        TRY(applied, find_applied(store_, events_));
        applied_ = std::move(applied);
        std::vector<const Event*> fresh;
        for (const Event* event : events_) {
            if (!applied_.leaves.contains(event->leaf)) {
                fresh.push_back(event);
            } else if (standing_ == Standing::on_chain) {
                TRY_VOID(store_.queue(put_on_chain, {event->leaf}));
            }
        }
        events_ = std::move(fresh);
        return {};
    }

    /// True for a grant or an objection that has been applied already as another record: two
    /// machines had it on their disks unsent, and both have chained it anew. Shown once, counted
    /// once (I4).
    [[nodiscard]] bool is_given_again(const Event& event) const {
        return applied_.given.contains({event.place.terminal, event.declaration});
    }

    /// How many parts and targets stand at a tag: these events' own, and all that were there
    /// before. Only a hint where to look.
    struct Scope {
        std::int64_t parts = 0;
        std::int64_t acts = 0;
        std::int64_t parts_before = 0;
        std::int64_t acts_before = 0;
    };

    base::Result<void> lock() {
        for (const Event* event : events_) {
            if (!event->parts.empty() && !is_given_again(*event)) {
                ++scopes_[event->declaration].parts;
                ++scopes_[event->tag_s].parts;
                for (const model::ScopePart& part : event->parts) {
                    ++scopes_[part.tag_sr].parts;
                    ++scopes_[part.tag_er].parts;
                }
            }
            for (const model::ScopeTarget& target : event->targets) ++scopes_[target.value].acts;
        }
        // std::map walks in sorted order: two transactions never wait for each other in a circle.
        std::vector<Param> params;
        for (const auto& [tag, scope] : scopes_) {
            params.insert(params.end(), {tag, scope.parts, scope.acts});
        }
        TRY(rows, store_.run_many(lock_scope, params, 3));
        CHECK(rows.size() == scopes_.size());
        for (const Row& row : rows) {
            Scope& scope = scopes_.at(array_of<32>(row.bytes(0)));
            scope.parts_before = row.number(1) - scope.parts;
            scope.acts_before = row.number(2) - scope.acts;
        }
        return {};
    }

    /// A claim beyond the log cannot have been signed by us, so it proves nothing (I9).
    base::Result<std::uint64_t> provable(std::uint64_t observed) {
        if (observed == 0) return std::uint64_t{0};
        if (!log_names_) {
            TRY(names, read_log_names(store_));
            log_names_ = std::move(names);
        }
        return log_names_->provable(observed);
    }

    void add_parts(const Event& event, std::uint64_t observed) {
        if (is_given_again(event)) return;
        std::int64_t number = 0;
        for (const model::ScopePart& scope : event.parts) {
            StoredPart stored{event.leaf, number++, {}};
            stored.part = {event.place,       event.kind,
                           event.declaration, event.tag_s,
                           scope.tag_sr,      scope.tag_er,
                           event.slip_hash,   observed,
                           std::nullopt,      standing_ == Standing::on_chain};
            parts_.push_back({stored, event.wall_ms, Effect::none});
        }
    }

    void add_acts(const Event& event, std::uint64_t observed) {
        std::int64_t number = 0;
        for (const model::ScopeTarget& target : event.targets) {
            StoredAct stored{event.leaf, event.declaration, {}};
            stored.act = {event.place,  event.kind,   target.kind,
                          target.value, event.tag_s,  event.slip_hash,
                          observed,     std::nullopt, standing_ == Standing::on_chain};
            acts_.push_back({stored, &event, number++});
        }
    }

    struct NewPart {
        StoredPart stored;
        std::uint64_t wall_ms = 0;
        Effect state = Effect::none;
    };
    struct NewAct {
        StoredAct stored;
        const Event* event = nullptr;
        std::int64_t target_no = 0;
    };

    /// Each new part against all acts on its tags: those that were there, and those of this call.
    base::Result<void> parts_meet_acts() {
        std::vector<Tag> tags;
        for (const auto& [tag, scope] : scopes_) {
            if (scope.parts > 0 && scope.acts_before > 0) tags.push_back(tag);
        }
        TRY(stored, acts_on(store_, tags));
        std::map<Tag, std::vector<StoredAct>> acts;
        for (const StoredAct& act : stored) acts[act.act.target].push_back(act);
        for (const NewAct& act : acts_) acts[act.stored.act.target].push_back(act.stored);
        for (NewPart& part : parts_) {
            const Part& own = part.stored.part;
            for (const Tag& tag : {own.declaration, own.tag_s, own.tag_sr, own.tag_er}) {
                const auto found = acts.find(tag);
                if (found == acts.end()) continue;
                for (const StoredAct& act : found->second) {
                    TRY(effect, meet(act, found->second, part.stored));
                    part.state = std::max(part.state, effect);
                }
            }
        }
        return {};
    }

    /// Each new act against the parts that were there.
    base::Result<void> acts_meet_stored_parts() {
        for (const TargetKind kind : {TargetKind::declaration, TargetKind::subject,
                                      TargetKind::recipient, TargetKind::entry_recipient}) {
            std::vector<const NewAct*> acts;
            std::vector<Tag> targets;
            for (const NewAct& act : acts_) {
                const Act& own = act.stored.act;
                if (own.target_kind != kind || scopes_.at(own.target).parts_before <= 0) continue;
                acts.push_back(&act);
                targets.push_back(own.target);
            }
            TRY(parts, parts_named(store_, kind, targets));
            for (std::size_t i = 0; i < acts.size(); ++i) {
                const StoredAct& act = acts[i]->stored;
                std::vector<StoredAct> places{act};
                if (applied_.acted.contains({act.act.place.terminal, act.declaration})) {
                    TRY(there, acts_on(store_, {act.act.target}));
                    places.insert(places.end(), there.begin(), there.end());
                }
                for (const StoredPart& part : parts[i]) TRY_VOID(strike(act, places, part));
            }
        }
        return {};
    }

    /// Before anything is judged; what takes an objection back on its own chain comes behind it.
    base::Result<void> note_objection_places() {
        for (const Event* event : events_) {
            if (event->kind == RecordKind::objection && is_given_again(*event))
                TRY_VOID(add_objection_place(store_, *event));
        }
        return {};
    }

    base::Result<void> strike(const StoredAct& act, std::span<const StoredAct> places,
                              const StoredPart& part) {
        TRY(effect, meet(act, places, part));
        if (effect == Effect::none) return {};
        Effect& state = worse_[{part.leaf, part.part_no}];
        state = std::max(state, effect);
        return {};
    }

    /// Judges one pair and notes an effect, so that it can be shown which act ended what. The act's
    /// other places are among `acts`.
    base::Result<Effect> meet(const StoredAct& act, std::span<const StoredAct> acts,
                              const StoredPart& part) {
        // An objection's targets are other declarations, never itself.
        if (act.leaf == part.leaf) return Effect::none;
        Lineage none;
        const Lineage* lineage = &none;
        if (act.act.place.terminal == part.part.place.terminal) {
            TRY(found, lineage_of(part.part.place.terminal));
            lineage = found;
        }
        std::vector<Act> places;
        for (const StoredAct& other : acts) {
            if (is_same_act(act, other)) places.push_back(other.act);
        }
        TRY(effect, effect_at_all_places(store_, places, part.part, *lineage));
        if (effect != Effect::none) {
            Effect& strength = effects_[{part.leaf, part.part_no, act.leaf}];
            strength = std::max(strength, effect);
        }
        return effect;
    }

    base::Result<const Lineage*> lineage_of(const base::Uuid& terminal) {
        auto found = lineages_.find(terminal);
        if (found == lineages_.end()) {
            TRY(lineage, read_lineage(store_, terminal));
            found = lineages_.emplace(terminal, std::move(lineage)).first;
        }
        return &found->second;
    }

    base::Result<void> write() {
        TRY_VOID(write_parts());
        TRY_VOID(write_acts());
        std::vector<Param> params;
        for (const auto& [key, strength] : effects_) {
            const auto& [part_leaf, part_no, act_leaf] = key;
            params.insert(params.end(),
                          {part_leaf, part_no, act_leaf, static_cast<std::int64_t>(strength)});
        }
        TRY_VOID(store_.queue_many(add_effect, params, 4));
        params.clear();
        for (const auto& [key, state] : worse_) {
            params.insert(params.end(), {static_cast<std::int64_t>(state), key.first, key.second});
        }
        TRY_VOID(store_.queue_each(worsen_part, params, 3));
        return {};
    }

    base::Result<void> write_parts() {
        std::vector<Param> params;
        for (const NewPart& part : parts_) {
            const Part& own = part.stored.part;
            params.insert(params.end(),
                          {part.stored.leaf, part.stored.part_no, own.place.terminal.get(),
                           std::int64_t{own.place.epoch}, column_of(own.place.seq),
                           static_cast<std::int64_t>(own.kind), own.declaration, own.tag_s,
                           own.tag_sr, own.tag_er, column_of(own.observed), own.slip_hash,
                           column_of(part.wall_ms), static_cast<std::int64_t>(part.state)});
        }
        TRY_VOID(store_.queue_many(add_part, params, 14));
        return {};
    }

    base::Result<void> write_acts() {
        std::vector<Param> params;
        for (const NewAct& act : acts_) {
            const Act& own = act.stored.act;
            params.insert(
                params.end(),
                {act.stored.leaf, act.target_no, own.place.terminal.get(),
                 std::int64_t{own.place.epoch}, column_of(own.place.seq),
                 std::int64_t{own.on_chain ? 1 : 0}, static_cast<std::int64_t>(own.kind),
                 act.event->declaration, static_cast<std::int64_t>(own.target_kind), own.target,
                 own.tag_s, own.slip_hash, column_of(own.observed), column_of(act.event->wall_ms)});
        }
        TRY_VOID(store_.queue_many(add_act, params, 14));
        return {};
    }

    Store& store_;
    Standing standing_;
    std::vector<const Event*> events_;
    std::map<Tag, Scope> scopes_;
    std::optional<LogNames> log_names_;
    std::map<base::Uuid, Lineage> lineages_;
    Applied applied_;
    // What this call adds. All is read, then all pairs are judged, then all is written: a handful
    // of exchanges with the database, however many records there are. The order does not matter to
    // the rule (I10).
    std::vector<NewPart> parts_;
    std::vector<NewAct> acts_;
    std::map<std::tuple<Hash, std::int64_t, Hash>, Effect> effects_;  ///< part, its number, act
    std::map<std::pair<Hash, std::int64_t>, Effect> worse_;           ///< of parts that were there
};

}  // namespace

base::Result<void> apply(Store& store, std::span<const Event* const> events, Standing standing) {
    return Application(store, events, standing).run();
}

base::Result<Lineage> read_lineage(Store& store, const base::Uuid& terminal) {
    TRY(rows, store.run(find_bases, {terminal.get(), column_of(limits::epochs_max)}));
    Lineage lineage;
    for (const Row& row : rows) {
        lineage.push_back({static_cast<std::uint32_t>(row.count(0)),
                           static_cast<std::uint32_t>(row.count(1)), row.count(2)});
    }
    return lineage;
}

base::Result<void> disown(Store& store, const Hash& leaf) {
    TRY_VOID(store.run(take_off_chain, {leaf}));
    return {};
}

}  // namespace backend

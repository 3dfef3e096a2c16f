// SPDX-License-Identifier: EUPL-1.2
#include "sync/backend/ingest/apply.hpp"

#include <algorithm>
#include <map>
#include <span>

#include "drivers/base/limits.hpp"
#include "sync/backend/store/columns.hpp"

namespace backend {
namespace {

constexpr Statement lock_scope{
    "INSERT INTO scope_state (tag, parts, acts) VALUES ($1, $2, $3) ON CONFLICT (tag) DO UPDATE SET"
    " parts = scope_state.parts + excluded.parts, acts = scope_state.acts + excluded.acts"
    " RETURNING parts, acts"};
constexpr Statement read_size{"SELECT log_size FROM log_state WHERE id = 1"};
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
constexpr Statement add_effect{
    "INSERT INTO effect (part_leaf, part_no, act_leaf, strength) VALUES ($1, $2, $3, $4)"
    " ON CONFLICT (part_leaf, part_no, act_leaf) DO UPDATE SET strength = excluded.strength"
    " WHERE effect.strength < excluded.strength"};
constexpr Statement worsen_part{
    "UPDATE part SET state = $1 WHERE leaf = $2 AND part_no = $3 AND state < $1"};
constexpr Statement find_acts{
    "SELECT a.leaf, a.terminal, a.epoch, a.seq, a.on_chain, a.kind, a.target_kind, a.tag, a.tag_s,"
    " a.slip_hash, a.observed, l.log_index FROM act a LEFT JOIN log_entry l ON l.terminal = "
    "a.terminal"
    " AND l.epoch = a.epoch AND l.seq = a.seq AND l.leaf = a.leaf WHERE a.tag = $1"};
constexpr Statement find_bases{
    "SELECT epoch, base_epoch, base_seq FROM chain WHERE terminal = $1 AND base_epoch IS NOT NULL"
    " ORDER BY epoch DESC LIMIT $2"};
constexpr Statement take_off_chain{"UPDATE act SET on_chain = 0 WHERE leaf = $1"};
constexpr Statement put_on_chain{"UPDATE act SET on_chain = 1 WHERE leaf = $1"};
constexpr Statement find_applied{
    "SELECT 1 FROM act WHERE leaf = $1 UNION ALL SELECT 1 FROM part WHERE leaf = $1 LIMIT 1"};

#define PART_COLUMNS                                                                           \
    "SELECT p.leaf, p.part_no, p.terminal, p.epoch, p.seq, p.kind, p.declaration, p.tag_s,"    \
    " p.tag_sr, p.tag_er, p.slip_hash, p.observed, l.log_index,"                               \
    " CASE WHEN p.kind <> 3 OR EXISTS (SELECT 1 FROM record r WHERE r.terminal = p.terminal"   \
    " AND r.epoch = p.epoch AND r.seq = p.seq AND r.leaf = p.leaf) THEN 1"                     \
    " WHEN EXISTS (SELECT 1 FROM quarantine q WHERE q.terminal = p.terminal"                   \
    " AND q.epoch = p.epoch AND q.seq = p.seq AND q.leaf = p.leaf)"                            \
    " OR EXISTS (SELECT 1 FROM record r WHERE r.terminal = p.terminal AND r.epoch = p.epoch"   \
    " AND r.seq = p.seq) THEN 0 ELSE 1 END FROM part p"                                        \
    " LEFT JOIN log_entry l"                                                                   \
    " ON l.terminal = p.terminal AND l.epoch = p.epoch AND l.seq = p.seq AND l.leaf = p.leaf " \
    "WHERE "
static_assert(static_cast<int>(RecordKind::objection) == 3);
// One statement per target kind, in its order: each uses its own index.
constexpr Statement find_parts[] = {
    {PART_COLUMNS "p.declaration = $1"},
    {PART_COLUMNS "p.tag_s = $1"},
    {PART_COLUMNS "p.tag_sr = $1"},
    {PART_COLUMNS "p.tag_er = $1"},
};
#undef PART_COLUMNS

std::optional<std::uint64_t> optional_count(const Row& row, std::size_t column) {
    if (row.is_null(column)) return std::nullopt;
    return row.count(column);
}

struct StoredAct {
    Hash leaf{};
    Act act;
};
struct StoredPart {
    Hash leaf{};
    std::int64_t part_no = 0;
    Part part;
};

Place place_of(const Row& row, std::size_t column) {
    return {uuid_of(row.bytes(column)), static_cast<std::uint32_t>(row.count(column + 1)),
            row.count(column + 2)};
}

StoredAct read_act(const Row& row) {
    StoredAct stored;
    stored.leaf = array_of<32>(row.bytes(0));
    stored.act.place = place_of(row, 1);
    stored.act.on_chain = row.number(4) != 0;
    stored.act.kind = static_cast<RecordKind>(row.number(5));
    stored.act.target_kind = static_cast<TargetKind>(row.number(6));
    stored.act.target = array_of<32>(row.bytes(7));
    stored.act.tag_s = array_of<32>(row.bytes(8));
    stored.act.slip_hash = array_of<32>(row.bytes(9));
    stored.act.observed = row.count(10);
    stored.act.log_index = optional_count(row, 11);
    return stored;
}

StoredPart read_part(const Row& row) {
    StoredPart stored;
    stored.leaf = array_of<32>(row.bytes(0));
    stored.part_no = row.number(1);
    stored.part.place = place_of(row, 2);
    stored.part.kind = static_cast<RecordKind>(row.number(5));
    stored.part.declaration = array_of<32>(row.bytes(6));
    stored.part.tag_s = array_of<32>(row.bytes(7));
    stored.part.tag_sr = array_of<32>(row.bytes(8));
    stored.part.tag_er = array_of<32>(row.bytes(9));
    stored.part.slip_hash = array_of<32>(row.bytes(10));
    stored.part.observed = row.count(11);
    stored.part.log_index = optional_count(row, 12);
    stored.part.on_chain = row.number(13) != 0;
    return stored;
}

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
        TRY_VOID(lock());
        for (const Event* event : events_) {
            TRY(observed, provable(event->observed));
            TRY_VOID(parts(*event, observed));
            TRY_VOID(targets(*event, observed));
        }
        return {};
    }

  private:
    /// Of a quarantined chain only what protects counts: withdrawals and objections, not grants and
    /// not the end of an objection.
    [[nodiscard]] bool counts(const Event& event) const {
        return event.usable &&
               (standing_ == Standing::on_chain || model::is_protective(event.kind));
    }

    /// An event may come by chain, ahead of it and as a fork, in any order: it has its effect once.
    /// When it comes by its chain after the others, all that changes is that it stands there.
    base::Result<void> pass_over_applied() {
        std::vector<const Event*> fresh;
        for (const Event* event : events_) {
            TRY(rows, store_.run(find_applied, {event->leaf}));
            if (rows.empty()) {
                fresh.push_back(event);
            } else if (standing_ == Standing::on_chain) {
                TRY_VOID(store_.run(put_on_chain, {event->leaf}));
            }
        }
        events_ = std::move(fresh);
        return {};
    }

    /// How many parts and targets stand at a tag, these events included. Only a hint where to look.
    struct Scope {
        std::int64_t parts = 0;
        std::int64_t acts = 0;
    };

    base::Result<void> lock() {
        for (const Event* event : events_) {
            if (!event->parts.empty()) {
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
        for (auto& [tag, scope] : scopes_) {
            TRY(rows, store_.run(lock_scope, {tag, scope.parts, scope.acts}));
            CHECK(rows.size() == 1);
            scope = {rows[0].number(0), rows[0].number(1)};
        }
        return {};
    }

    /// A claim beyond the log cannot have been signed by us, so it proves nothing (I9).
    base::Result<std::uint64_t> provable(std::uint64_t observed) {
        if (observed == 0) return std::uint64_t{0};
        if (!log_size_) {
            TRY(rows, store_.run(read_size, {}));
            CHECK(rows.size() == 1);
            log_size_ = rows[0].count(0);
        }
        return observed <= *log_size_ ? observed : std::uint64_t{0};
    }

    base::Result<void> parts(const Event& event, std::uint64_t observed) {
        std::int64_t number = 0;
        for (const model::ScopePart& scope : event.parts) {
            StoredPart stored{event.leaf, number++, {}};
            stored.part = {event.place,       event.kind,
                           event.declaration, event.tag_s,
                           scope.tag_sr,      scope.tag_er,
                           event.slip_hash,   observed,
                           std::nullopt,      standing_ == Standing::on_chain};
            TRY_VOID(part(stored, event.wall_ms));
        }
        return {};
    }

    base::Result<void> part(const StoredPart& stored, std::uint64_t wall_ms) {
        const Part& own = stored.part;
        Effect state = Effect::none;
        for (const Tag& tag : {own.declaration, own.tag_s, own.tag_sr, own.tag_er}) {
            if (scopes_[tag].acts == 0) continue;
            TRY(rows, store_.run(find_acts, {tag}));
            for (const Row& row : rows) {
                TRY(effect, meet(read_act(row), stored));
                state = std::max(state, effect);
            }
        }
        TRY_VOID(store_.run(
            add_part,
            {stored.leaf, stored.part_no, own.place.terminal.get(), std::int64_t{own.place.epoch},
             column_of(own.place.seq), static_cast<std::int64_t>(own.kind), own.declaration,
             own.tag_s, own.tag_sr, own.tag_er, column_of(own.observed), own.slip_hash,
             column_of(wall_ms), static_cast<std::int64_t>(state)}));
        return {};
    }

    base::Result<void> targets(const Event& event, std::uint64_t observed) {
        std::int64_t number = 0;
        for (const model::ScopeTarget& target : event.targets) {
            StoredAct stored{event.leaf, {}};
            stored.act = {event.place,  event.kind,   target.kind,
                          target.value, event.tag_s,  event.slip_hash,
                          observed,     std::nullopt, standing_ == Standing::on_chain};
            TRY_VOID(add(stored, event, number++));
            TRY_VOID(strike(stored));
        }
        return {};
    }

    base::Result<void> add(const StoredAct& stored, const Event& event, std::int64_t number) {
        const Act& own = stored.act;
        TRY_VOID(store_.run(
            add_act, {stored.leaf, number, own.place.terminal.get(), std::int64_t{own.place.epoch},
                      column_of(own.place.seq), std::int64_t{own.on_chain ? 1 : 0},
                      static_cast<std::int64_t>(own.kind), event.declaration,
                      static_cast<std::int64_t>(own.target_kind), own.target, own.tag_s,
                      own.slip_hash, column_of(own.observed), column_of(event.wall_ms)}));
        return {};
    }

    base::Result<void> strike(const StoredAct& stored) {
        const Act& own = stored.act;
        if (scopes_[own.target].parts == 0) return {};
        const auto by = static_cast<std::size_t>(own.target_kind) - 1;
        TRY(rows, store_.run(find_parts[by], {own.target}));
        for (const Row& row : rows) {
            const StoredPart part = read_part(row);
            // An objection's targets are other declarations, never itself.
            if (part.leaf == stored.leaf) continue;
            TRY(effect, meet(stored, part));
            if (effect == Effect::none) continue;
            const auto state = static_cast<std::int64_t>(effect);
            TRY_VOID(store_.run(worsen_part, {state, part.leaf, part.part_no}));
        }
        return {};
    }

    /// Judges one pair and writes down an effect, so that it can be shown which act ended what.
    base::Result<Effect> meet(const StoredAct& act, const StoredPart& part) {
        Lineage none;
        const Lineage* lineage = &none;
        if (act.act.place.terminal == part.part.place.terminal) {
            TRY(found, lineage_of(part.part.place.terminal));
            lineage = found;
        }
        const Effect effect = effect_of(act.act, part.part, *lineage);
        if (effect != Effect::none) {
            TRY_VOID(store_.run(add_effect, {part.leaf, part.part_no, act.leaf,
                                             static_cast<std::int64_t>(effect)}));
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

    Store& store_;
    Standing standing_;
    std::vector<const Event*> events_;
    std::map<Tag, Scope> scopes_;
    std::optional<std::uint64_t> log_size_;
    std::map<base::Uuid, Lineage> lineages_;
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

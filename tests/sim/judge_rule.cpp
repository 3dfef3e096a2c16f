// SPDX-License-Identifier: EUPL-1.2
// The protective act wins: the backend's states against the plain model of the rule, against what
// people could know, and after the same events in another order.
#include <algorithm>
#include <map>

#include "drivers/base/check.hpp"
#include "sync/backend/ingest/ingest.hpp"
#include "sync/backend/store/columns.hpp"
#include "sync/backend/store/sqlite/sqlite_store.hpp"
#include "sync/model/batch.hpp"
#include "tests/sim/judge.hpp"

namespace sim {
namespace {

using backend::Statement;
using States = std::map<std::pair<model::Digest, std::size_t>, Fate>;

constexpr Statement every_event{
    "SELECT e.leaf, e.header, e.scopes, e.in_chain, l.log_index FROM ("
    "SELECT leaf, header, scopes, 1 AS in_chain FROM record"
    " UNION ALL SELECT leaf, header, scopes, 0 FROM advance a WHERE NOT EXISTS"
    " (SELECT 1 FROM record r WHERE r.leaf = a.leaf)"
    " UNION ALL SELECT leaf, header, scopes, 0 FROM quarantine q WHERE NOT EXISTS"
    " (SELECT 1 FROM record r WHERE r.leaf = q.leaf) AND NOT EXISTS"
    " (SELECT 1 FROM advance a WHERE a.leaf = q.leaf)) AS e"
    " LEFT JOIN log_entry l ON l.leaf = e.leaf ORDER BY e.leaf"};
constexpr Statement all_parts{"SELECT leaf, part_no, state FROM part ORDER BY leaf, part_no"};

States states_of(backend::Store& store) {
    const auto rows = store.run(all_parts, backend::Params{});
    CHECK(rows.has_value());
    States states;
    for (const auto& row : *rows) {
        states[{backend::array_of<32>(row.bytes(0)), row.count(1)}] =
            static_cast<Fate>(row.number(2));
    }
    return states;
}

RuleModel model_of(World& world) {
    const auto& next = world.context().next_log;
    return {logged_events(world.cluster()),
            next ? std::optional(next->common) : std::optional<std::uint64_t>()};
}

std::string word(Fate fate) {
    return fate == Fate::alive ? "alive" : fate == Fate::suspended ? "suspended" : "ended";
}

/// All its places: more than one if it was chained anew.
std::vector<const LoggedEvent*> places_of(const RuleModel& model, const base::Uuid& declaration) {
    std::vector<const LoggedEvent*> places;
    for (const LoggedEvent& event : model.events()) {
        if (event.scopes.declaration == declaration) places.push_back(&event);
    }
    return places;
}

/// It is given at another of its places: then it is not given once more here (I4).
bool is_given_elsewhere(const RuleModel& model, const LoggedEvent& event, const States& states) {
    return std::ranges::any_of(model.events(), [&](const LoggedEvent& other) {
        return other.leaf != event.leaf && RuleModel::same(event, other) &&
               states.contains({other.leaf, 0});
    });
}

/// The states that the backend keeps are those of the plain model.
void against_model(World& world, const RuleModel& model, const States& states) {
    for (const auto& [part, fate] : model.all()) {
        const auto found = states.find(part);
        const std::string kept = found == states.end() ? "absent" : word(found->second);
        if (kept == word(fate)) continue;
        const auto event = std::ranges::find(model.events(), part.first, &LoggedEvent::leaf);
        if (found == states.end() && is_given_elsewhere(model, *event, states)) continue;
        return world.context().trace.violate("I8", "part " + std::to_string(part.second) + " of " +
                                                       base::to_text(event->scopes.declaration) +
                                                       " is " + kept + ", must be " + word(fate));
    }
}

/// I8 as people mean it: if a grant lives, whoever took it back did so before it, and it was known.
void against_people(World& world, const RuleModel& model, const States& states) {
    const Ledger& ledger = world.context().ledger;
    for (const Told& given : ledger.told) {
        if (given.kind != model::Kind::grant && given.kind != model::Kind::decision) continue;
        const auto events = places_of(model, given.declaration);
        for (std::size_t part = 0; part < given.recipients.size(); ++part) {
            const bool lives = std::ranges::any_of(events, [&](const LoggedEvent* event) {
                const auto state = states.find({event->leaf, part});
                return state != states.end() && state->second == Fate::alive;
            });
            if (!lives) continue;
            for (const Told& act : ledger.told) {
                if (!model::is_protective(act.kind) || !Ledger::reaches(act, given, part)) continue;
                if (act.declaration == given.declaration) continue;
                if (ledger.on_disk_before(act, given)) continue;
                const auto there = places_of(model, act.declaration);
                // It never arrived: that is I7's business (judge_delivery.cpp).
                if (there.empty() && (act.destroyed || is_beyond_reach(world, act.device)))
                    continue;
                const bool known = std::ranges::any_of(there, [&](const LoggedEvent* place) {
                    return model.covers(given.observed, place->log_index);
                });
                if (known) continue;
                return world.context().trace.violate(
                    "I8", base::to_text(given.declaration) + " lives although " +
                              base::to_text(act.declaration) + " was not known before it");
            }
        }
    }
}

}  // namespace

std::vector<LoggedEvent> logged_events(Cluster& cluster) {
    std::vector<LoggedEvent> events;
    for (const auto& row : cluster.ask(every_event, {})) {
        const auto header = model::parse_header(row.bytes(1));
        CHECK(header.has_value());
        LoggedEvent event{
            *header, {}, backend::array_of<32>(row.bytes(0)), std::nullopt, row.number(3) != 0};
        // A terminal that had to repeat a compacted record has no more than its header: a link of
        // the chain that gives and takes nothing.
        if (!row.bytes(2).empty()) {
            const auto scopes = model::parse_scopes(row.bytes(2));
            CHECK(scopes.has_value());
            event.scopes = *scopes;
        }
        if (!row.is_null(4)) event.log_index = row.count(4);
        events.push_back(std::move(event));
    }
    return events;
}

/// No record claims to have seen more than its machine had verified.
void judge_claims(World& world) {
    const RuleModel model = model_of(world);
    for (const Told& told : world.context().ledger.told) {
        for (const LoggedEvent* event : places_of(model, told.declaration)) {
            if (event->header.observed <= told.observed) continue;
            return world.context().trace.violate(
                "I9", base::to_text(told.declaration) + " claims " +
                          std::to_string(event->header.observed) + ", verified were " +
                          std::to_string(told.observed));
        }
    }
}

void judge_rule(World& world) {
    const RuleModel model = model_of(world);
    const States states = states_of(world.cluster().store());
    against_model(world, model, states);
    against_people(world, model, states);
}

void judge_usable(World& world, const std::string& declaration, const std::string& authority) {
    const auto id = base::parse_uuid(declaration);
    CHECK(id.has_value());
    const RuleModel model = model_of(world);
    const auto places = places_of(model, *id);
    const auto& told = world.context().ledger.told;
    const auto given = std::ranges::find(told, *id, &Told::declaration);
    if (places.empty()) return world.context().trace.violate("I8", "usable and not there");
    if (given == told.end()) return;  // recorded, and the power went before anybody was told
    const auto part = std::ranges::find(given->recipients, authority);
    if (part == given->recipients.end()) {
        return world.context().trace.violate("I8", authority + " may use what it was not given");
    }
    const auto number = static_cast<std::size_t>(part - given->recipients.begin());
    const bool lives = std::ranges::any_of(places, [&](const LoggedEvent* place) {
        return model.fate(place->leaf, number) == Fate::alive;
    });
    if (!lives) {
        world.context().trace.violate(
            "I8", authority + " may use " + declaration + ", which was taken back");
    }
}

}  // namespace sim

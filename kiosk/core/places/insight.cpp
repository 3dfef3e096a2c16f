// SPDX-License-Identifier: EUPL-1.2
// Insight: without a card, what it would show and whether it works now; with one, what the backend
// knows. Nothing of it outlives the card (K1).
#include "kiosk/core/places.hpp"

namespace core {
namespace {

/// The main button: to the card, or once more, or on to what is older.
Step go_on(Insight&& at, const Around& around) {
    if (!at.who) return to_card(Task{Task::Kind::see, {}}, around);
    if (at.lookup.stage == Lookup::Stage::asked) return stay(std::move(at));
    Effects effects = ask_insight(at.lookup, *at.who, around);
    return {std::move(at), std::move(effects)};
}

/// The way to a formal request.
Step ask_access(Insight&& at, const Around& around) {
    if (!at.who) return to_card(Task{Task::Kind::ask_access, {}}, around);
    return to_ask_access(std::move(*at.who), at.lookup.known, around);
}

}  // namespace

Step on(Insight&& at, PlaceEvent&& event, const Around& around) {
    return std::visit(
        Overloaded{
            [&](Yes&&) { return go_on(std::move(at), around); },
            [&](Pick&&) { return ask_access(std::move(at), around); },
            [&](Aside&&) {
                if (at.who) return to_releases(std::move(*at.who), Task::Kind::status);
                return to_card(Task{Task::Kind::status, {}}, around);
            },
            [&](Back&&) { return go(Home{std::move(at.who)}); },
            [&](InsightKnown&& e) {
                if (at.who) take_in(at.lookup, std::move(e.known));
                return stay(std::move(at));
            },
            [&](InsightFailed&& e) {
                if (at.who) at.lookup.stage = stage_of(e.errc);
                return stay(std::move(at));
            },
            [&](Tick&& e) {
                if (!at.who) return stay(std::move(at));
                Effects effects = pass_time(at.lookup, *at.who, e.now, around);
                return Step{std::move(at), std::move(effects)};
            },
            [&](CardRemoved&&) { return go(Insight{}); },
            ignored<CopyDeleted, No, Toggle, Edit, Digit, DeleteDigit, AllSeen, ReaderChanged,
                    CardInserted, PinKnown, ProbeFailed, EidProgress, EidDone, EidFailed,
                    PinCareDone, PinCareFailed, Journaled, JournalFailed, ReleasesLoaded,
                    ReleasesFailed, SlipPrinted, SlipFailed>(at),
        },
        std::move(event));
}

}  // namespace core

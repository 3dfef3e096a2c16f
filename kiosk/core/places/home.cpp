// SPDX-License-Identifier: EUPL-1.2
// Home: five ways on. Taking back is as near as giving (LR-17).
#include "kiosk/core/places.hpp"

namespace core {
namespace {

Step choose(Home&& at, HomeChoice choice, const Around& around) {
    const auto releases = [&](Task::Kind kind) {
        if (at.who) return to_releases(std::move(*at.who), kind);
        return to_card(Task{kind, {}}, around);
    };
    switch (choice) {
        case HomeChoice::see:
            if (at.who) return to_insight(std::move(*at.who), around);
            return go(Insight{});
        case HomeChoice::give:
            if (around.setup.catalogue_trouble) {
                return go(Failed{*around.setup.catalogue_trouble, {}, {}, false});
            }
            return to_offers(std::move(at.who));
        case HomeChoice::take_back:
            return releases(Task::Kind::take_back);
        case HomeChoice::status:
            return releases(Task::Kind::status);
        case HomeChoice::help:
            return stay(std::move(at));  // the help page lies over every place: step() opens it
    }
    return stay(std::move(at));
}

}  // namespace

Step on(Home&& at, PlaceEvent&& event, const Around& around) {
    return std::visit(
        Overloaded{
            [&](Pick&& e) {
                if (e.index > static_cast<std::size_t>(HomeChoice::help))
                    return stay(std::move(at));
                return choose(std::move(at), static_cast<HomeChoice>(e.index), around);
            },
            [&](CardRemoved&&) { return go(Home{}); },
            ignored<CopyDeleted, Yes, No, Back, Aside, Toggle, Edit, Digit, DeleteDigit, AllSeen,
                    ReaderChanged, CardInserted, PinKnown, ProbeFailed, EidProgress, EidDone,
                    EidFailed, PinCareDone, PinCareFailed, Journaled, JournalFailed, ReleasesLoaded,
                    ReleasesFailed, SlipPrinted, SlipFailed, Tick, InsightKnown, InsightFailed>(at),
        },
        std::move(event));
}

}  // namespace core

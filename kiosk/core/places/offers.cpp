// SPDX-License-Identifier: EUPL-1.2
// Offers: one card per entry. Reading is not yet a yes, so a touch only opens.
#include "kiosk/core/places.hpp"

namespace core {

Step on(Offers&& at, PlaceEvent&& event, const Around& around) {
    return std::visit(
        Overloaded{
            [&](Pick&& e) {
                if (e.index >= around.setup.offers.size()) return stay(std::move(at));
                return go(open_offer(around.setup, e.index, std::move(at.who)));
            },
            [&](Back&&) { return go(Home{std::move(at.who)}); },
            [&](CardRemoved&&) { return go(Offers{}); },
            [&](ReleasesLoaded&& e) {
                if (at.who) at.releases = std::move(e.releases);
                return stay(std::move(at));
            },
            // A failed load only means that no state is shown beside the entries.
            ignored<CopyDeleted, Yes, No, Aside, Toggle, Edit, Digit, DeleteDigit, AllSeen,
                    ReaderChanged, CardInserted, PinKnown, ProbeFailed, EidProgress, EidDone,
                    EidFailed, PinCareDone, PinCareFailed, Journaled, JournalFailed, ReleasesFailed,
                    SlipPrinted, SlipFailed, Tick, InsightKnown, InsightFailed>(at),
        },
        std::move(event));
}

}  // namespace core

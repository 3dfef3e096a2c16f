// SPDX-License-Identifier: EUPL-1.2
// Duration: shorter is always possible, longer than the catalogue's maximum never, because it is
// not offered.
#include "kiosk/core/places.hpp"

namespace core {

Step on(Duration&& at, PlaceEvent&& event, const Around& around) {
    const Offer& offer = around.setup.offers[at.selection.offer];
    return std::visit(
        Overloaded{
            [&](Pick&& e) {
                if (e.index < offer.terms.size()) at.selection.term = e.index;
                return stay(std::move(at));
            },
            [&](Yes&&) {
                Task task{Task::Kind::give, std::move(at.selection)};
                if (at.who) return to_task(std::move(task), std::move(*at.who), around);
                return to_card(std::move(task), around);
            },
            [&](Back&&) { return back_to_offer(std::move(at.who), std::move(at.selection)); },
            [&](CardRemoved&&) {
                at.who.reset();
                return stay(std::move(at));
            },
            ignored<CopyDeleted, No, Aside, Toggle, Edit, Digit, DeleteDigit, AllSeen,
                    ReaderChanged, CardInserted, PinKnown, ProbeFailed, EidProgress, EidDone,
                    EidFailed, PinCareDone, PinCareFailed, Journaled, JournalFailed, ReleasesLoaded,
                    ReleasesFailed, SlipPrinted, SlipFailed, Tick, InsightKnown, InsightFailed>(at),
        },
        std::move(event));
}

}  // namespace core

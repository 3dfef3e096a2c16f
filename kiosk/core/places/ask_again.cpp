// SPDX-License-Identifier: EUPL-1.2
// AskAgain: the second, separate yes for specially protected data (LR-10).
#include "kiosk/core/places.hpp"

namespace core {

Step on(AskAgain&& at, PlaceEvent&& event, const Around& around) {
    return std::visit(
        Overloaded{
            [&](Yes&&) {
                return go(Duration{std::move(at.who), std::move(at.selection)});
            },
            [&](No&&) { return to_declined(std::move(at.who), around); },
            [&](Back&&) { return back_to_offer(std::move(at.who), std::move(at.selection)); },
            [&](CardRemoved&&) {
                at.who.reset();
                return stay(std::move(at));
            },
            ignored<CopyDeleted, Aside, Pick, Toggle, Edit, Digit, DeleteDigit, AllSeen,
                    ReaderChanged, CardInserted, PinKnown, ProbeFailed, EidProgress, EidDone,
                    EidFailed, PinCareDone, PinCareFailed, Journaled, JournalFailed, ReleasesLoaded,
                    ReleasesFailed, SlipPrinted, SlipFailed, Tick, InsightKnown, InsightFailed>(at),
        },
        std::move(event));
}

}  // namespace core

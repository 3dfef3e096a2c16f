// SPDX-License-Identifier: EUPL-1.2
// SlipAsk: what a slip takes back, then yes or no. The slip is the only proof, so a card on the
// reader changes nothing, and nobody is asked for a reason (LR-17).
#include "kiosk/core/places.hpp"

namespace core {

Step on(SlipAsk&& at, PlaceEvent&& event, const Around& around) {
    return std::visit(
        Overloaded{
            [&](Yes&&) {
                return to_saving(make_slip_withdrawal(at.slip, shown_now(around, {})), around);
            },
            [&](No&&) { return go(Home{}); },
            [&](Back&&) { return go(Home{}); },
            ignored<CopyDeleted, Aside, Pick, Toggle, Edit, Digit, DeleteDigit, AllSeen,
                    ReaderChanged, CardInserted, CardRemoved, PinKnown, ProbeFailed, EidProgress,
                    EidDone, EidFailed, PinCareDone, PinCareFailed, Journaled, JournalFailed,
                    ReleasesLoaded, ReleasesFailed, SlipPrinted, SlipFailed, Tick, InsightKnown,
                    InsightFailed>(at),
        },
        std::move(event));
}

}  // namespace core

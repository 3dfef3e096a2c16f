// SPDX-License-Identifier: EUPL-1.2
// CardAsk: who reads what and why, before the PIN (LR-76). With one try left the CAN comes first.
#include "kiosk/core/places.hpp"

namespace core {

Step on(CardAsk&& at, PlaceEvent&& event, const Around& around) {
    return std::visit(
        Overloaded{
            [&](Yes&&) {
                if (at.tries_left <= 1) return go(CanExplain{std::move(at.task)});
                return go(PinPad{std::move(at.task), at.tries_left, false, {}, {}});
            },
            [&](No&&) { return go(Home{}); },
            [&](Back&&) { return go(Home{}); },
            [&](CardRemoved&&) { return to_card_gone(std::move(at.task), around); },
            [&](ReaderChanged&& e) { return stay_while_ready(at, at.task, e, around); },
            ignored<CopyDeleted, Aside, Pick, Toggle, Edit, Digit, DeleteDigit, AllSeen,
                    CardInserted, PinKnown, ProbeFailed, EidProgress, EidDone, EidFailed,
                    PinCareDone, PinCareFailed, Journaled, JournalFailed, ReleasesLoaded,
                    ReleasesFailed, SlipPrinted, SlipFailed, Tick, InsightKnown, InsightFailed>(at),
        },
        std::move(event));
}

}  // namespace core

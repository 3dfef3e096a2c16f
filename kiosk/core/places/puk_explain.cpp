// SPDX-License-Identifier: EUPL-1.2
// PukExplain: the PIN is blocked. What the PUK is and that it has ten uses in a card's life, before
// anything is typed; who does not know it is told who helps.
#include "kiosk/core/pin_care.hpp"

namespace core {

Step on(PukExplain&& at, PlaceEvent&& event, const Around& around) {
    return std::visit(
        Overloaded{
            [&](Yes&&) {
                return go(PukPad{std::move(at.task), false, {}});
            },
            [&](No&&) { return go(Home{}); },
            [&](Back&&) { return out_of_care(std::move(at.task), around); },
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

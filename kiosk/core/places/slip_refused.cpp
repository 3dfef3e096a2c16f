// SPDX-License-Identifier: EUPL-1.2
// SlipRefused: a code that takes nothing back. The card does the same, and another code may be held
// to the reader at once. Nothing was recorded, and nothing is lost.
#include "kiosk/core/places.hpp"

namespace core {

Step on(SlipRefused&& at, PlaceEvent&& event, const Around& around) {
    return std::visit(
        Overloaded{
            [&](Yes&&) {
                // What stands already needs no card; an invitation is not for taking back.
                if (at.trouble == SlipTrouble::taken_back || is_of_letter(at.trouble))
                    return go(Home{});
                return to_card(Task{Task::Kind::take_back, {}}, around);
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

// SPDX-License-Identifier: EUPL-1.2
// Start: a touch on a language begins a session; that is decided in step(), because it is the same
// in the language menu.
#include "kiosk/core/places.hpp"

namespace core {

Step on(Start&& at, PlaceEvent&& event, const Around&) {
    return std::visit(
        ignored<CopyDeleted, Yes, No, Back, Aside, Pick, Toggle, Edit, Digit, DeleteDigit, AllSeen,
                ReaderChanged, CardInserted, CardRemoved, PinKnown, ProbeFailed, EidProgress,
                EidDone, EidFailed, PinCareDone, PinCareFailed, Journaled, JournalFailed,
                ReleasesLoaded, ReleasesFailed, SlipPrinted, SlipFailed, Tick, InsightKnown,
                InsightFailed>(at),
        std::move(event));
}

}  // namespace core

// SPDX-License-Identifier: EUPL-1.2
// Insight: who reports to this device and who does not yet; from here to one's own releases.
#include "kiosk/core/places.hpp"

namespace core {

Step on(Insight&& at, PlaceEvent&& event, const Around& around) {
    return std::visit(
        Overloaded{
            [&](Yes&&) {
                if (at.who) return to_releases(std::move(*at.who), Task::Kind::status);
                return to_card(Task{Task::Kind::status, {}}, around);
            },
            [&](Back&&) { return go(Home{std::move(at.who)}); },
            [&](CardRemoved&&) { return go(Insight{}); },
            ignored<No, Aside, Pick, Toggle, Edit, Digit, DeleteDigit, AllSeen, ReaderChanged,
                    CardInserted, PinKnown, ProbeFailed, EidProgress, EidDone, EidFailed,
                    PinCareDone, PinCareFailed, Journaled, JournalFailed, ReleasesLoaded,
                    ReleasesFailed, SlipPrinted, SlipFailed, Tick>(at),
        },
        std::move(event));
}

}  // namespace core

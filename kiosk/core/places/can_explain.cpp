// SPDX-License-Identifier: EUPL-1.2
// CanExplain: one try is left. What the CAN is, where it stands, and that one may stop here without
// loss.
#include "kiosk/core/pin_care.hpp"

namespace core {

Step on(CanExplain&& at, PlaceEvent&& event, const Around& around) {
    return std::visit(
        Overloaded{
            [&](Yes&&) {
                return go(CanPad{std::move(at.task), false, {}});
            },
            [&](No&&) { return go(Home{}); },
            [&](Back&&) {
                if (at.task.care) return out_of_care(std::move(at.task), around);
                return go(Home{});
            },
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

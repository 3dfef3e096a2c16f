// SPDX-License-Identifier: EUPL-1.2
// CardGone: ten seconds to put the card back, then everything is erased (J5). What the card had
// said is already gone.
#include "kiosk/core/pin_care.hpp"

namespace core {

Step on(CardGone&& at, PlaceEvent&& event, const Around& around) {
    return std::visit(
        Overloaded{
            [&](CardInserted&&) { return to_card(std::move(at.task), around); },
            [&](Yes&&) {
                at.deadline_ms =
                    around.common.now.boot_ms + std::uint64_t{1000} * around.setup.idle_purge_s;
                return stay(std::move(at));
            },
            [&](No&&) { return go(Start{}); },
            [&](ReaderChanged&& e) { return stay_while_ready(at, at.task, e, around); },
            [&](Tick&& e) {
                if (e.now.boot_ms < at.deadline_ms) return stay(std::move(at));
                return go(Start{});
            },
            // The PIN was changed before the card went: that is news.
            [&](PinCareDone&&) {
                if (!at.task.care) return stay(std::move(at));
                return to_pin_done(std::move(at.task), around);
            },
            // The late answer of the interrupted reading says only what is known already.
            ignored<CopyDeleted, Back, Aside, Pick, Toggle, Edit, Digit, DeleteDigit, AllSeen,
                    CardRemoved, PinKnown, ProbeFailed, EidProgress, EidDone, EidFailed,
                    PinCareFailed, Journaled, JournalFailed, ReleasesLoaded, ReleasesFailed,
                    SlipPrinted, SlipFailed, InsightKnown, InsightFailed>(at),
        },
        std::move(event));
}

}  // namespace core

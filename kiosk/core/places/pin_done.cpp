// SPDX-License-Identifier: EUPL-1.2
// PinDone: what is true of the PIN now. What it was needed for goes on from the card.
#include <algorithm>

#include "kiosk/core/pin_care.hpp"

namespace core {

Step on(PinDone&& at, PlaceEvent&& event, const Around& around) {
    return std::visit(
        Overloaded{
            [&](Yes&&) {
                if (!at.next) return stay(std::move(at));
                return to_card(std::move(*at.next), around);
            },
            [&](No&&) { return go(Start{}); },
            [&](Back&&) { return go(Home{}); },
            [&](CardInserted&&) {
                at.card_out_ms.reset();
                return stay(std::move(at));
            },
            [&](CardRemoved&&) {
                at.card_out_ms = around.common.now.boot_ms;
                return stay(std::move(at));
            },
            [&](Tick&& e) {
                if (!at.card_out_ms) return stay(std::move(at));
                const std::uint64_t since_ms = std::max(*at.card_out_ms, around.common.touched_ms);
                if (e.now.boot_ms < since_ms + std::uint64_t{1000} * around.setup.done_s)
                    return stay(std::move(at));
                return go(Start{});
            },
            ignored<CopyDeleted, Aside, Pick, Toggle, Edit, Digit, DeleteDigit, AllSeen,
                    ReaderChanged, PinKnown, ProbeFailed, EidProgress, EidDone, EidFailed,
                    PinCareDone, PinCareFailed, Journaled, JournalFailed, ReleasesLoaded,
                    ReleasesFailed, SlipPrinted, SlipFailed, InsightKnown, InsightFailed>(at),
        },
        std::move(event));
}

}  // namespace core

// SPDX-License-Identifier: EUPL-1.2
// LetterPin: five digits were typed where six belong. The card cannot tell that its PIN is still
// the one from the letter, so the person is asked (eid.md 8). Nothing has been sent yet.
#include "kiosk/core/pin_care.hpp"

namespace core {

Step on(LetterPin&& at, PlaceEvent&& event, const Around& around) {
    return std::visit(
        Overloaded{
            [&](Yes&&) {
                at.typed.task.care = Care::own_pin;
                return go(NewPinPad{std::move(at.typed), false, {}});
            },
            [&](No&&) {
                PinToChange& typed = at.typed;
                return go(PinPad{
                    std::move(typed.task), typed.tries_left, false, {}, std::move(typed.can)});
            },
            [&](Back&&) { return Step{start_of_typing(std::move(at.typed))}; },
            [&](CardRemoved&&) { return to_card_gone(std::move(at.typed.task), around); },
            [&](ReaderChanged&& e) { return stay_while_ready(at, at.typed.task, e, around); },
            ignored<CopyDeleted, Aside, Pick, Toggle, Edit, Digit, DeleteDigit, AllSeen,
                    CardInserted, PinKnown, ProbeFailed, EidProgress, EidDone, EidFailed,
                    PinCareDone, PinCareFailed, Journaled, JournalFailed, ReleasesLoaded,
                    ReleasesFailed, SlipPrinted, SlipFailed, Tick, InsightKnown, InsightFailed>(at),
        },
        std::move(event));
}

}  // namespace core

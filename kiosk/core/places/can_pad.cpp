// SPDX-License-Identifier: EUPL-1.2
// CanPad: the six digits on the front of the card. They are kept only until the PIN is typed.
#include "kiosk/core/pad.hpp"

namespace core {

Step on(CanPad&& at, PlaceEvent&& event, const Around& around) {
    return std::visit(
        Overloaded{
            [&](Digit&& e) { return type_digit(at, at.can, e); },
            [&](DeleteDigit&&) { return delete_digit(at, at.can); },
            [&](Yes&&) {
                if (at.can.size() < Can::capacity) return stay(std::move(at));
                return go(PinPad{std::move(at.task), 1, false, {}, std::move(at.can)});
            },
            [&](Back&&) { return go(CanExplain{std::move(at.task)}); },
            [&](CardRemoved&&) { return to_card_gone(std::move(at.task), around); },
            [&](ReaderChanged&& e) { return stay_while_ready(at, at.task, e, around); },
            ignored<CopyDeleted, No, Aside, Pick, Toggle, Edit, AllSeen, CardInserted, PinKnown,
                    ProbeFailed, EidProgress, EidDone, EidFailed, PinCareDone, PinCareFailed,
                    Journaled, JournalFailed, ReleasesLoaded, ReleasesFailed, SlipPrinted,
                    SlipFailed, Tick, InsightKnown, InsightFailed>(at),
        },
        std::move(event));
}

}  // namespace core

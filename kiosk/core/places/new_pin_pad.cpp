// SPDX-License-Identifier: EUPL-1.2
// NewPinPad: the new PIN for the first time. The present one waits for it; it has not been tried
// yet.
#include "kiosk/core/easy_pin.hpp"
#include "kiosk/core/pad.hpp"
#include "kiosk/core/pin_care.hpp"

namespace core {

Step on(NewPinPad&& at, PlaceEvent&& event, const Around& around) {
    return std::visit(
        Overloaded{
            [&](Digit&& e) { return type_digit(at, at.pin, e); },
            [&](DeleteDigit&&) { return delete_digit(at, at.pin); },
            [&](Yes&&) {
                if (at.pin.size() < Pin::capacity) return stay(std::move(at));
                const bool easy = is_easy_pin(at.pin);
                return go(NewPinAgain{std::move(at.typed), std::move(at.pin), easy, {}});
            },
            [&](Back&&) { return Step{start_of_typing(std::move(at.typed))}; },
            [&](CardRemoved&&) { return to_card_gone(std::move(at.typed.task), around); },
            [&](ReaderChanged&& e) { return stay_while_ready(at, at.typed.task, e, around); },
            ignored<CopyDeleted, No, Aside, Pick, Toggle, Edit, AllSeen, CardInserted, PinKnown,
                    ProbeFailed, EidProgress, EidDone, EidFailed, PinCareDone, PinCareFailed,
                    Journaled, JournalFailed, ReleasesLoaded, ReleasesFailed, SlipPrinted,
                    SlipFailed, Tick, InsightKnown, InsightFailed>(at),
        },
        std::move(event));
}

}  // namespace core

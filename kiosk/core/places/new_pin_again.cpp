// SPDX-License-Identifier: EUPL-1.2
// NewPinAgain: the new PIN once more, so that nobody locks themselves out by a slip. Only two equal
// ones reach the card.
#include "drivers/base/check.hpp"
#include "kiosk/core/easy_pin.hpp"
#include "kiosk/core/pad.hpp"
#include "kiosk/core/pin_care.hpp"

namespace core {
namespace {

Step send(NewPinAgain&& at, const Around& around) {
    if (at.pin.size() < Pin::capacity) return stay(std::move(at));
    if (!is_same_pin(at.first, at.pin)) return go(NewPinPad{std::move(at.typed), true, {}});
    PinToChange& typed = at.typed;
    CHECK(typed.tries_left > 1 || typed.can);  // count before you check: the last needs the CAN
    return go_with(
        CardWriting{std::move(typed.task), around.common.now.boot_ms},
        ChangePin{{}, std::move(typed.old_pin), std::move(at.pin), std::move(typed.can)});
}

}  // namespace

Step on(NewPinAgain&& at, PlaceEvent&& event, const Around& around) {
    return std::visit(
        Overloaded{
            [&](Digit&& e) { return type_digit(at, at.pin, e); },
            [&](DeleteDigit&&) { return delete_digit(at, at.pin); },
            [&](Yes&&) { return send(std::move(at), around); },
            // Another new PIN: the present one need not be typed again.
            [&](Aside&&) {
                return go(NewPinPad{std::move(at.typed), false, {}});
            },
            [&](Back&&) { return Step{start_of_typing(std::move(at.typed))}; },
            [&](CardRemoved&&) { return to_card_gone(std::move(at.typed.task), around); },
            [&](ReaderChanged&& e) { return stay_while_ready(at, at.typed.task, e, around); },
            ignored<CopyDeleted, No, Pick, Toggle, Edit, AllSeen, CardInserted, PinKnown,
                    ProbeFailed, EidProgress, EidDone, EidFailed, PinCareDone, PinCareFailed,
                    Journaled, JournalFailed, ReleasesLoaded, ReleasesFailed, SlipPrinted,
                    SlipFailed, Tick, InsightKnown, InsightFailed>(at),
        },
        std::move(event));
}

}  // namespace core

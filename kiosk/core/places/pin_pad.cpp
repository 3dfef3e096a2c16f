// SPDX-License-Identifier: EUPL-1.2
// PinPad: digits go straight into a Secret; nothing is sent by itself. The last try runs only
// behind a CAN (LR-77). Before a change of the PIN the digits wait for the new ones.
#include "drivers/base/check.hpp"
#include "kiosk/core/pad.hpp"
#include "kiosk/core/pin_care.hpp"

namespace core {
namespace {

PinToChange typed_in(PinPad&& at) {
    return {std::move(at.task), at.tries_left, std::move(at.pin), std::move(at.can)};
}

Step send(PinPad&& at, const Around& around) {
    if (at.task.care) {
        if (at.pin.size() < pin_digits_of(at.task)) return stay(std::move(at));
        return go(NewPinPad{typed_in(std::move(at)), false, {}});
    }
    if (at.pin.size() == letter_pin_digits) return go(LetterPin{typed_in(std::move(at))});
    if (at.pin.size() < Pin::capacity) return stay(std::move(at));
    const Purpose purpose = purpose_of(at.task);
    CardReading next{std::move(at.task), 0, 0, around.common.now.boot_ms};
    if (at.can) {
        return go_with(std::move(next),
                       RunEidWithCan{{}, purpose, std::move(*at.can), std::move(at.pin)});
    }
    CHECK(at.tries_left > 1);  // count before you check: the last try needs the CAN
    return go_with(std::move(next), RunEid{{}, purpose, std::move(at.pin)});
}

}  // namespace

Step on(PinPad&& at, PlaceEvent&& event, const Around& around) {
    return std::visit(
        Overloaded{
            [&](Digit&& e) {
                CHECK(e.value <= 9);
                if (at.pin.size() < pin_digits_of(at.task))
                    CHECK(at.pin.push(static_cast<std::uint8_t>('0' + e.value)));
                return stay(std::move(at));  // one digit more has no place
            },
            [&](DeleteDigit&&) { return delete_digit(at, at.pin); },
            [&](Yes&&) { return send(std::move(at), around); },
            [&](Back&&) {
                if (at.task.care) return out_of_care(std::move(at.task), around);
                return go(Home{});
            },
            [&](CardRemoved&&) { return to_card_gone(std::move(at.task), around); },
            [&](ReaderChanged&& e) { return stay_while_ready(at, at.task, e, around); },
            // Aside ("PIN vergessen?") opens a page over this one: step() does it.
            ignored<CopyDeleted, No, Aside, Pick, Toggle, Edit, AllSeen, CardInserted, PinKnown,
                    ProbeFailed, EidProgress, EidDone, EidFailed, PinCareDone, PinCareFailed,
                    Journaled, JournalFailed, ReleasesLoaded, ReleasesFailed, SlipPrinted,
                    SlipFailed, Tick, InsightKnown, InsightFailed>(at),
        },
        std::move(event));
}

}  // namespace core

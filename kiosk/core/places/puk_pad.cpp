// SPDX-License-Identifier: EUPL-1.2
// PukPad: the ten digits from the letter. They go to the card once and are never kept.
#include "kiosk/core/pad.hpp"
#include "kiosk/core/pin_care.hpp"

namespace core {

Step on(PukPad&& at, PlaceEvent&& event, const Around& around) {
    return std::visit(
        Overloaded{
            [&](Digit&& e) { return type_digit(at, at.puk, e); },
            [&](DeleteDigit&&) { return delete_digit(at, at.puk); },
            [&](Yes&&) {
                if (at.puk.size() < Puk::capacity) return stay(std::move(at));
                return go_with(CardWriting{std::move(at.task), around.common.now.boot_ms},
                               UnblockPin{{}, std::move(at.puk)});
            },
            [&](Back&&) { return go(PukExplain{std::move(at.task)}); },
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

// SPDX-License-Identifier: EUPL-1.2
// CardReading: one run of the card, never repeated by us. A lost card is not a wrong PIN (LR-78).
#include "kiosk/core/places.hpp"

namespace core {
namespace {

Step failed(CardReading&& at, const EidFailed& e, const Around& around) {
    using base::Errc;
    const std::uint8_t tries_left = e.tries_left.value_or(0);
    switch (e.errc) {
        case Errc::card_removed:
            return to_card_gone(std::move(at.task), around);
        case Errc::pin_wrong:
            if (tries_left > 1) return go(PinPad{std::move(at.task), tries_left, true, {}, {}});
            if (tries_left == 1) return go(CanExplain{std::move(at.task)});
            return go(Failed{Errc::pin_blocked, std::move(at.task), {}, false});
        case Errc::pin_suspended:
            return go(CanExplain{std::move(at.task)});
        case Errc::can_wrong:
            return go(CanPad{std::move(at.task), true, {}});
        case Errc::pin_deactivated:
            return go(Failed{e.errc, {}, {}, false});
        default:
            return go(Failed{e.errc, std::move(at.task), {}, false});
    }
}

}  // namespace

Step on(CardReading&& at, PlaceEvent&& event, const Around& around) {
    return std::visit(
        Overloaded{
            [&](EidProgress&& e) {
                at.step = e.step;
                at.steps = e.steps;
                return stay(std::move(at));
            },
            [&](EidDone&& e) { return to_task(std::move(at.task), std::move(e.who), around); },
            [&](EidFailed&& e) { return failed(std::move(at), e, around); },
            [&](CardRemoved&&) { return to_card_gone(std::move(at.task), around); },
            [&](ReaderChanged&& e) { return stay_while_ready(at, at.task, e, around); },
            [&](Tick&& e) {
                const std::uint64_t limit_ms = std::uint64_t{1000} * around.setup.reading_s_max;
                if (e.now.boot_ms < at.since_ms + limit_ms) return stay(std::move(at));
                return go(Failed{base::Errc::card_timeout, std::move(at.task), {}, false});
            },
            ignored<CopyDeleted, Yes, No, Back, Aside, Pick, Toggle, Edit, Digit, DeleteDigit,
                    AllSeen, CardInserted, PinKnown, ProbeFailed, PinCareDone, PinCareFailed,
                    Journaled, JournalFailed, ReleasesLoaded, ReleasesFailed, SlipPrinted,
                    SlipFailed, InsightKnown, InsightFailed>(at),
        },
        std::move(event));
}

}  // namespace core

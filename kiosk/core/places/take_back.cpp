// SPDX-License-Identifier: EUPL-1.2
// TakeBack: one card that says what happens, then yes or no. No reason is asked, nothing is weighed
// (LR-17).
#include "kiosk/core/places.hpp"

namespace core {

Step on(TakeBack&& at, PlaceEvent&& event, const Around& around) {
    const auto back = [&] { return to_releases(std::move(at.who), Task::Kind::take_back); };
    return std::visit(
        Overloaded{
            [&](Yes&&) {
                const Date today = around.common.now.date;
                Shown shown = shown_now(around, {});
                if (at.release) {
                    return to_saving(
                        make_withdrawal(*at.release, std::move(at.who), today, std::move(shown)),
                        around);
                }
                return to_saving(make_full_withdrawal(std::move(at.who), std::move(shown)), around);
            },
            // The other thing one may want gone; it says that this is no taking back.
            [&](Aside&&) {
                if (!at.release || !at.release->kept_here) return stay(std::move(at));
                return go(ForgetCopy{std::move(at.who), std::move(*at.release)});
            },
            [&](No&&) { return back(); },
            [&](Back&&) { return back(); },
            [&](CardRemoved&&) {
                return to_card_gone(Task{Task::Kind::take_back, {}}, around);
            },
            ignored<CopyDeleted, Pick, Toggle, Edit, Digit, DeleteDigit, AllSeen, ReaderChanged,
                    CardInserted, PinKnown, ProbeFailed, EidProgress, EidDone, EidFailed,
                    PinCareDone, PinCareFailed, Journaled, JournalFailed, ReleasesLoaded,
                    ReleasesFailed, SlipPrinted, SlipFailed, Tick, InsightKnown, InsightFailed>(at),
        },
        std::move(event));
}

}  // namespace core

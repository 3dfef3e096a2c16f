// SPDX-License-Identifier: EUPL-1.2
// ForgetCopy: the person's own copy of one declaration goes from this device, and nothing else
// does. It takes nothing back: what is in force stays so (deletion class K4).
#include "kiosk/core/places.hpp"

namespace core {

Step on(ForgetCopy&& at, PlaceEvent&& event, const Around& around) {
    const auto back = [&] { return to_releases(std::move(at.who), Task::Kind::status); };
    return std::visit(
        Overloaded{
            [&](Yes&&) {
                if (at.running) return stay(std::move(at));
                at.running = true;
                at.failed = false;
                DeleteCopy effect{{}, at.who.subject, at.release.declaration};
                return go_with(std::move(at), std::move(effect));
            },
            [&](No&&) { return back(); },
            [&](Back&&) { return back(); },
            [&](CopyDeleted&& e) {
                if (!e.errc) return back();
                at.running = false;
                at.failed = true;
                return stay(std::move(at));
            },
            [&](CardRemoved&&) {
                return to_card_gone(Task{Task::Kind::status, {}}, around);
            },
            ignored<Aside, Pick, Toggle, Edit, Digit, DeleteDigit, AllSeen, ReaderChanged,
                    CardInserted, PinKnown, ProbeFailed, EidProgress, EidDone, EidFailed,
                    PinCareDone, PinCareFailed, Journaled, JournalFailed, ReleasesLoaded,
                    ReleasesFailed, SlipPrinted, SlipFailed, Tick, InsightKnown, InsightFailed>(at),
        },
        std::move(event));
}

}  // namespace core

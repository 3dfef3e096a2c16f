// SPDX-License-Identifier: EUPL-1.2
// CardWait: the card is asked for; once it lies there, its PIN state is read before anything else
// (eid.md 4).
#include "kiosk/core/pin_care.hpp"

namespace core {

Step on(CardWait&& at, PlaceEvent&& event, const Around& around) {
    return std::visit(
        Overloaded{
            [&](CardInserted&&) {
                if (at.probing) return stay(std::move(at));
                return go_with(CardWait{std::move(at.task), true}, ProbePin{});
            },
            [&](CardRemoved&&) {
                return go(CardWait{std::move(at.task), false});
            },
            [&](PinKnown&& e) {
                if (!at.probing) return stay(std::move(at));
                if (at.task.care) return to_care(std::move(at.task), e.tries_left);
                // The task waits: with the PUK it can go on.
                if (e.tries_left == 0)
                    return go(Failed{base::Errc::pin_blocked, std::move(at.task), {}, false});
                return go(CardAsk{std::move(at.task), e.tries_left});
            },
            [&](ProbeFailed&& e) {
                if (!at.probing) return stay(std::move(at));
                // A card that left while it was asked is no failure: the screen still says where it
                // goes.
                if (e.errc == base::Errc::card_removed)
                    return go(CardWait{std::move(at.task), false});
                return go(Failed{e.errc, std::move(at.task), {}, false});
            },
            [&](ReaderChanged&& e) { return stay_while_ready(at, at.task, e, around); },
            [&](Back&&) {
                if (at.task.care) return out_of_care(std::move(at.task), around);
                return go(Home{});
            },
            ignored<CopyDeleted, Yes, No, Aside, Pick, Toggle, Edit, Digit, DeleteDigit, AllSeen,
                    EidProgress, EidDone, EidFailed, PinCareDone, PinCareFailed, Journaled,
                    JournalFailed, ReleasesLoaded, ReleasesFailed, SlipPrinted, SlipFailed, Tick,
                    InsightKnown, InsightFailed>(at),
        },
        std::move(event));
}

}  // namespace core

// SPDX-License-Identifier: EUPL-1.2
// Review: the whole declaration, then one final act. The only place from which a grant can be
// journaled.
#include "kiosk/core/places.hpp"

namespace core {
namespace {

Step edit(Review&& at, Part part) {
    switch (part) {
        case Part::name:
            at.name_shown = !at.name_shown;
            return stay(std::move(at));
        case Part::recipients:
            return back_to_offer(std::move(at.who), std::move(at.selection));
        case Part::duration:
            return go(Duration{std::move(at.who), std::move(at.selection)});
    }
    return stay(std::move(at));
}

}  // namespace

Step on(Review&& at, PlaceEvent&& event, const Around& around) {
    const Offer& offer = around.setup.offers[at.selection.offer];
    return std::visit(
        Overloaded{
            [&](Yes&&) {
                if (!at.all_seen) return stay(std::move(at));
                auto draft =
                    make_grant(around.setup, at.selection, std::move(at.who),
                               around.common.now.date, shown_now(around, at.selection.offer));
                if (!draft) return go(Failed{draft.error().code, {}, {}, false});
                return to_saving(std::move(*draft), around);
            },
            [&](No&&) { return to_declined(std::move(at.who), around); },
            [&](Back&&) {
                if (offer.terms.size() > 1) return edit(std::move(at), Part::duration);
                return edit(std::move(at), Part::recipients);
            },
            [&](Edit&& e) {
                if (e.part == Part::duration && offer.terms.size() < 2) return stay(std::move(at));
                return edit(std::move(at), e.part);
            },
            [&](AllSeen&&) {
                at.all_seen = true;
                return stay(std::move(at));
            },
            [&](CardRemoved&&) {
                return to_card_gone(Task{Task::Kind::give, std::move(at.selection)}, around);
            },
            ignored<CopyDeleted, Aside, Pick, Toggle, Digit, DeleteDigit, ReaderChanged,
                    CardInserted, PinKnown, ProbeFailed, EidProgress, EidDone, EidFailed,
                    PinCareDone, PinCareFailed, Journaled, JournalFailed, ReleasesLoaded,
                    ReleasesFailed, SlipPrinted, SlipFailed, Tick, InsightKnown, InsightFailed>(at),
        },
        std::move(event));
}

}  // namespace core

// SPDX-License-Identifier: EUPL-1.2
// Offered: one entry in full. Yes counts only after everything was on screen and somebody was
// chosen (LR-01, LR-03).
#include <algorithm>

#include "kiosk/core/places.hpp"

namespace core {
namespace {

Step agree(Offered&& at, const Around& around) {
    const consent::Entry& offer = around.setup.entry(at.offer);
    const std::size_t terms = around.setup.offers[at.offer].terms.size();
    // A notice has no pair: there is nothing to agree to.
    if (offer.act == ActType::notice || !at.all_seen) return stay(std::move(at));
    if (at.recipients.empty()) {
        at.must_choose = true;
        return stay(std::move(at));
    }
    Selection selection{at.offer, std::move(at.recipients), at.term, std::move(at.invitation)};
    if (offer.double_confirm) return go(AskAgain{std::move(at.who), std::move(selection)});
    if (terms > 1) return go(Duration{std::move(at.who), std::move(selection)});
    Task task{Task::Kind::give, std::move(selection)};
    if (at.who) return to_task(std::move(task), std::move(*at.who), around);
    return to_card(std::move(task), around);
}

void toggle(Offered& at, std::size_t index, const consent::Entry& offer) {
    if (!offer.recipients_chosen || offer.act == ActType::notice ||
        index >= offer.recipients.size())
        return;
    const auto found = std::find(at.recipients.begin(), at.recipients.end(), index);
    if (found != at.recipients.end()) {
        at.recipients.erase(found);
    } else {
        at.recipients.insert(std::upper_bound(at.recipients.begin(), at.recipients.end(), index),
                             index);
    }
    at.must_choose = false;
}

}  // namespace

Step on(Offered&& at, PlaceEvent&& event, const Around& around) {
    const consent::Entry& offer = around.setup.entry(at.offer);
    return std::visit(
        Overloaded{
            [&](Yes&&) { return agree(std::move(at), around); },
            [&](No&&) {
                // Without a pair there is no no.
                if (offer.act == ActType::notice) return stay(std::move(at));
                return to_declined(std::move(at.who), around);
            },
            [&](Back&&) { return to_offers(std::move(at.who)); },
            [&](Toggle&& e) {
                toggle(at, e.index, offer);
                return stay(std::move(at));
            },
            [&](AllSeen&&) {
                at.all_seen = true;
                return stay(std::move(at));
            },
            [&](CardRemoved&&) {
                at.who.reset();
                return stay(std::move(at));
            },
            ignored<CopyDeleted, Aside, Pick, Edit, Digit, DeleteDigit, ReaderChanged, CardInserted,
                    PinKnown, ProbeFailed, EidProgress, EidDone, EidFailed, PinCareDone,
                    PinCareFailed, Journaled, JournalFailed, ReleasesLoaded, ReleasesFailed,
                    SlipPrinted, SlipFailed, Tick, InsightKnown, InsightFailed>(at),
        },
        std::move(event));
}

}  // namespace core

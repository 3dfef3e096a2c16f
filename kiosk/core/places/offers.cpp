// SPDX-License-Identifier: EUPL-1.2
// Offers: one card per entry. Reading is not yet a yes, so a touch only opens.
#include "kiosk/core/places.hpp"

namespace core {

Step on(Offers&& at, PlaceEvent&& event, const Around& around) {
    return std::visit(
        Overloaded{
            [&](Pick&& e) {
                if (e.index >= around.setup.offers.size()) return stay(std::move(at));
                const consent::Entry& entry = around.setup.entry(e.index);
                const std::size_t term = around.setup.offers[e.index].term_default;
                Offered next{std::move(at.who), e.index, {}, term, false, false};
                if (!entry.recipients_chosen) {
                    for (std::size_t i = 0; i < entry.recipients.size(); ++i)
                        next.recipients.push_back(i);
                }
                return go(std::move(next));
            },
            [&](Back&&) { return go(Home{std::move(at.who)}); },
            [&](CardRemoved&&) { return go(Offers{}); },
            [&](ReleasesLoaded&& e) {
                if (at.who) at.releases = std::move(e.releases);
                return stay(std::move(at));
            },
            // A failed load only means that no state is shown beside the entries.
            ignored<CopyDeleted, Yes, No, Aside, Toggle, Edit, Digit, DeleteDigit, AllSeen,
                    ReaderChanged, CardInserted, PinKnown, ProbeFailed, EidProgress, EidDone,
                    EidFailed, PinCareDone, PinCareFailed, Journaled, JournalFailed, ReleasesFailed,
                    SlipPrinted, SlipFailed, Tick, InsightKnown, InsightFailed>(at),
        },
        std::move(event));
}

}  // namespace core

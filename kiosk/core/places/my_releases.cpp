// SPDX-License-Identifier: EUPL-1.2
// MyReleases: what this person has given, and how far each has come. Everything can be taken back
// even if the list cannot be read: a withdrawal is never refused.
#include "kiosk/core/places.hpp"

namespace core {

Step on(MyReleases&& at, PlaceEvent&& event, const Around& around) {
    return std::visit(
        Overloaded{
            [&](Pick&& e) {
                if (!at.releases || e.index >= at.releases->size()) return stay(std::move(at));
                Release& release = (*at.releases)[e.index];
                if (release.standing != Release::Standing::given) return stay(std::move(at));
                return go(TakeBack{std::move(at.who), std::move(release)});
            },
            [&](Aside&&) {
                return go(TakeBack{std::move(at.who), {}});
            },
            [&](Back&&) { return go(Home{std::move(at.who)}); },
            [&](ReleasesLoaded&& e) {
                at.releases = std::move(e.releases);
                at.failed.reset();
                return stay(std::move(at));
            },
            [&](ReleasesFailed&& e) {
                at.failed = e.errc;
                return stay(std::move(at));
            },
            [&](CardRemoved&&) {
                return to_card_gone(Task{at.kind, {}}, around);
            },
            ignored<Yes, No, Toggle, Edit, Digit, DeleteDigit, AllSeen, ReaderChanged, CardInserted,
                    PinKnown, ProbeFailed, EidProgress, EidDone, EidFailed, PinCareDone,
                    PinCareFailed, Journaled, JournalFailed, SlipPrinted, SlipFailed, Tick>(at),
        },
        std::move(event));
}

}  // namespace core

// SPDX-License-Identifier: EUPL-1.2
// MyReleases: what this person has given, here and elsewhere, and how far each has come. Everything
// can be taken back even if a list cannot be read: a withdrawal is never refused.
#include "kiosk/core/places.hpp"

namespace core {
namespace {

/// The list of this terminal is there, or will not come; then the others are asked about.
Step ask_elsewhere(MyReleases&& at, const Around& around) {
    Effects effects = ask_insight(at.lookup, at.who, around);
    return {std::move(at), std::move(effects)};
}

Step take_elsewhere(MyReleases&& at, Known&& page, const Around& around) {
    take_in(at.lookup, std::move(page));
    if (!at.releases) at.releases.emplace();
    merge_releases(*at.releases, at.lookup.known.releases);
    // Releases come before accesses: without one of these there may be more of them.
    const bool more = at.lookup.known.next && at.lookup.known.accesses.empty();
    return more ? ask_elsewhere(std::move(at), around) : stay(std::move(at));
}

}  // namespace

Step on(MyReleases&& at, PlaceEvent&& event, const Around& around) {
    return std::visit(
        Overloaded{
            [&](Pick&& e) {
                if (!at.releases || e.index >= at.releases->size()) return stay(std::move(at));
                Release& release = (*at.releases)[e.index];
                if (!release.can_be_taken_back()) return stay(std::move(at));
                return go(TakeBack{std::move(at.who), std::move(release)});
            },
            [&](Aside&&) {
                return go(TakeBack{std::move(at.who), {}});
            },
            [&](Yes&&) {
                const bool waits = !at.releases && !at.failed;
                if (waits || at.lookup.stage == Lookup::Stage::asked) return stay(std::move(at));
                return ask_elsewhere(std::move(at), around);
            },
            [&](Back&&) { return go(Home{std::move(at.who)}); },
            [&](ReleasesLoaded&& e) {
                at.releases = std::move(e.releases);
                at.failed.reset();
                return ask_elsewhere(std::move(at), around);
            },
            [&](ReleasesFailed&& e) {
                at.failed = e.errc;
                return ask_elsewhere(std::move(at), around);
            },
            [&](InsightKnown&& e) {
                return take_elsewhere(std::move(at), std::move(e.known), around);
            },
            [&](InsightFailed&& e) {
                at.lookup.stage = stage_of(e.errc);
                return stay(std::move(at));
            },
            [&](Tick&& e) {
                Effects effects = pass_time(at.lookup, at.who, e.now, around);
                return Step{std::move(at), std::move(effects)};
            },
            [&](CardRemoved&&) {
                return to_card_gone(Task{at.kind, {}}, around);
            },
            ignored<No, Toggle, Edit, Digit, DeleteDigit, AllSeen, ReaderChanged, CardInserted,
                    PinKnown, ProbeFailed, EidProgress, EidDone, EidFailed, PinCareDone,
                    PinCareFailed, Journaled, JournalFailed, SlipPrinted, SlipFailed>(at),
        },
        std::move(event));
}

}  // namespace core

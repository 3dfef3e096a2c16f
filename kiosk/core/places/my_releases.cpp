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

/// Shows the list as soon as the others have answered, or have let it wait long enough.
void show_list(MyReleases& at, const Around& around) {
    if (at.offered || !at.releases) return;
    const std::uint64_t hold_ms = std::uint64_t{1000} * around.setup.insight_hold_s;
    const bool waits = at.lookup.stage == Lookup::Stage::asked && at.lookup.known == Known{} &&
                       around.common.now.boot_ms < at.lookup.since_ms + hold_ms;
    if (waits) return;
    at.offered.emplace();
    for (const Release& release : *at.releases) at.offered->push_back(release.can_be_taken_back());
}

Step answer(MyReleases&& at, PlaceEvent&& event, const Around& around) {
    return std::visit(
        Overloaded{
            [&](Pick&& e) {
                if (!at.lists(e.index)) return stay(std::move(at));
                Release& release = (*at.releases)[e.index];
                if (!release.can_be_taken_back()) return stay(std::move(at));
                return go(TakeBack{std::move(at.who), std::move(release),
                                   std::move(at.lookup.known.sources)});
            },
            [&](Toggle&& e) {
                if (!at.can_be_forgotten(e.index)) return stay(std::move(at));
                return go(ForgetCopy{std::move(at.who), std::move((*at.releases)[e.index])});
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
            ignored<CopyDeleted, No, Edit, Digit, DeleteDigit, AllSeen, ReaderChanged, CardInserted,
                    PinKnown, ProbeFailed, EidProgress, EidDone, EidFailed, PinCareDone,
                    PinCareFailed, Journaled, JournalFailed, SlipPrinted, SlipFailed>(at),
        },
        std::move(event));
}

}  // namespace

Step on(MyReleases&& at, PlaceEvent&& event, const Around& around) {
    Step step = answer(std::move(at), std::move(event), around);
    if (auto* still = std::get_if<MyReleases>(&step.next)) show_list(*still, around);
    return step;
}

}  // namespace core

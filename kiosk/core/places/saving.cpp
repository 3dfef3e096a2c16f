// SPDX-License-Identifier: EUPL-1.2
// Saving: the final act is done, its bytes are on the way to the disk. Only Journaled makes it
// "recorded" (LR-73).
#include "kiosk/core/places.hpp"

namespace core {
namespace {

Done::What what_of(const Draft& draft) {
    if (draft.event == model::Event::withdrawn) return Done::What::withdrawn;
    if (draft.act == ActType::notice) return Done::What::demanded;
    return draft.act == ActType::objection ? Done::What::objected : Done::What::given;
}

}  // namespace

Step to_done(Draft draft, Slip slip, const Around& around) {
    Done done{
        what_of(draft), {}, std::move(slip), Done::Print::offered, around.common.now.minutes, {}};
    done.by_slip = draft.by_slip;
    // With the card still there the person may do more; without it they are only read a receipt.
    // Behind a slip nobody is known, whoever's card lies there.
    if (around.common.card_present && !draft.by_slip) {
        done.who = std::move(draft.who);
        // Only now: who says no to a letter is matched to nothing. Without a line a case worker
        // matches by name, as without a letter.
        if (draft.invitation && around.common.link_up) {
            RequestInsight match{{}, done.who->subject,           done.who->assurance,
                                 0,  std::move(draft.invitation), done.who->person.birth_date};
            return go_with(std::move(done), std::move(match));
        }
    } else {
        done.card_out_ms = around.common.now.boot_ms;
    }
    return go(std::move(done));
}

Step on(Saving&& at, PlaceEvent&& event, const Around& around) {
    return std::visit(
        Overloaded{
            [&](Journaled&& e) { return to_done(std::move(at.draft), std::move(e.slip), around); },
            [&](JournalFailed&& e) {
                return go(Failed{e.errc, {}, std::move(at.draft), false});
            },
            [&](Tick&& e) {
                const std::uint64_t limit_ms = std::uint64_t{1000} * around.setup.saving_s_max;
                if (e.now.boot_ms < at.since_ms + limit_ms) return stay(std::move(at));
                return go(Failed{base::Errc::busy, {}, std::move(at.draft), false, true});
            },
            // A removed card changes nothing any more: the declaration is already said.
            ignored<CopyDeleted, PinCareDone, PinCareFailed, Yes, No, Back, Aside, Pick, Toggle,
                    Edit, Digit, DeleteDigit, AllSeen, ReaderChanged, CardInserted, CardRemoved,
                    PinKnown, ProbeFailed, EidProgress, EidDone, EidFailed, ReleasesLoaded,
                    ReleasesFailed, SlipPrinted, SlipFailed, InsightKnown, InsightFailed>(at),
        },
        std::move(event));
}

}  // namespace core

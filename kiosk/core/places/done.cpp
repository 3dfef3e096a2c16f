// SPDX-License-Identifier: EUPL-1.2
// Done: recorded, or declined; the ways on are the same for both (LR-04). The receipt is an offer,
// never a duty.
#include <algorithm>

#include "kiosk/core/places.hpp"

namespace core {

Step on(Done&& at, PlaceEvent&& event, const Around& around) {
    return std::visit(
        Overloaded{
            [&](Yes&&) {
                const bool can_print =
                    around.setup.printer == Availability::yes && !at.slip.check.empty() &&
                    (at.print == Done::Print::offered || at.print == Done::Print::failed);
                if (!can_print) return stay(std::move(at));
                PrintSlip print{{}, at.slip};
                at.print = Done::Print::running;
                return go_with(std::move(at), std::move(print));
            },
            [&](No&&) { return go(Start{}); },
            [&](Back&&) { return go(Home{std::move(at.who)}); },
            [&](Aside&&) {
                if (at.who) return to_releases(std::move(*at.who), Task::Kind::status);
                return to_card(Task{Task::Kind::status, {}}, around);
            },
            [&](CardRemoved&&) {
                at.who.reset();
                at.card_out_ms = around.common.now.boot_ms;
                return stay(std::move(at));
            },
            [&](SlipPrinted&&) {
                at.print = Done::Print::done;
                return stay(std::move(at));
            },
            [&](SlipFailed&&) {
                at.print = Done::Print::failed;
                return stay(std::move(at));
            },
            [&](Tick&& e) {
                if (!at.card_out_ms || at.print == Done::Print::running) return stay(std::move(at));
                // A touch gives new time also here: somebody may be photographing the codes.
                const std::uint64_t since_ms = std::max(*at.card_out_ms, around.common.touched_ms);
                if (e.now.boot_ms < since_ms + std::uint64_t{1000} * around.setup.done_s)
                    return stay(std::move(at));
                return go(Start{});
            },
            ignored<CopyDeleted, Pick, Toggle, Edit, Digit, DeleteDigit, AllSeen, ReaderChanged,
                    CardInserted, PinKnown, ProbeFailed, EidProgress, EidDone, EidFailed,
                    PinCareDone, PinCareFailed, Journaled, JournalFailed, ReleasesLoaded,
                    ReleasesFailed, InsightKnown, InsightFailed>(at),
        },
        std::move(event));
}

}  // namespace core

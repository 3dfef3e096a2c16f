// SPDX-License-Identifier: EUPL-1.2
// Failed: one code, one text, one way that helps (errc.def), and always a way out. Nothing is tried
// again by itself.
#include "kiosk/core/pin_care.hpp"

namespace core {
namespace {

Step help(Failed&& at, const Around& around) {
    if (at.draft && at.answer_due) {
        return go(Saving{std::move(*at.draft), around.common.now.boot_ms});
    }
    if (at.draft) return to_saving(std::move(*at.draft), around);
    const base::Recovery recovery = base::recovery(at.errc);
    const bool again = recovery == base::Recovery::retry || recovery == base::Recovery::reposition;
    if (again && at.task) return to_card(std::move(*at.task), around);
    if (recovery != base::Recovery::staff) return go(Home{});
    at.staff_called = true;
    return go_with(std::move(at), CallStaff{});
}

}  // namespace

Step on(Failed&& at, PlaceEvent&& event, const Around& around) {
    return std::visit(
        Overloaded{
            [&](Yes&&) { return help(std::move(at), around); },
            [&](No&&) { return go(Home{}); },
            [&](Back&&) { return go(Home{}); },
            [&](Aside&&) {
                at.staff_called = true;
                return go_with(std::move(at), CallStaff{});
            },
            // Taking the wrong card away is what the screen asked for.
            [&](CardRemoved&&) {
                const bool asked = base::recovery(at.errc) == base::Recovery::reposition && at.task;
                if (!asked) return stay(std::move(at));
                return to_card(std::move(*at.task), around);
            },
            [&](ReaderChanged&& e) {
                const bool reader_failed = at.errc == base::Errc::reader_missing ||
                                           at.errc == base::Errc::reader_service_gone ||
                                           at.errc == base::Errc::reader_access_denied;
                if (e.reader != Reader::ready || !reader_failed || !at.task)
                    return stay(std::move(at));
                return to_card(std::move(*at.task), around);
            },
            // The answers that were given up waiting for.
            [&](PinCareDone&&) {
                if (!at.task || !at.task->care) return stay(std::move(at));
                return to_pin_done(std::move(*at.task), around);
            },
            [&](Journaled&& e) {
                if (!at.draft) return stay(std::move(at));
                return to_done(std::move(*at.draft), std::move(e.slip), around);
            },
            [&](JournalFailed&& e) {
                if (!at.answer_due) return stay(std::move(at));
                return go(Failed{e.errc, {}, std::move(at.draft), at.staff_called});
            },
            ignored<CopyDeleted, Pick, Toggle, Edit, Digit, DeleteDigit, AllSeen, CardInserted,
                    PinKnown, ProbeFailed, EidProgress, EidDone, EidFailed, PinCareFailed,
                    ReleasesLoaded, ReleasesFailed, SlipPrinted, SlipFailed, Tick, InsightKnown,
                    InsightFailed>(at),
        },
        std::move(event));
}

}  // namespace core

// SPDX-License-Identifier: EUPL-1.2
// CardWriting: one act on the card's PIN, never repeated by us. If its answer is lost, nobody knows
// which PIN is valid, and the screen says so.
#include "kiosk/core/pin_care.hpp"

namespace core {
namespace {

using base::Errc;

/// True if the card may have done it although we were told otherwise: the answer was lost.
bool may_have_happened(Errc errc) {
    switch (errc) {
        case Errc::card_removed:
        case Errc::card_reset:
        case Errc::card_mute:
        case Errc::card_timeout:
        case Errc::card_answer_bad:
        case Errc::sm_mac_wrong:
        case Errc::reader_service_gone:
        case Errc::cancelled:
            return true;
        default:
            return false;
    }
}

/// The PUK keeps the PIN, and the next contact shows whether it was unblocked.
bool changes_pin(const Task& task) {
    return task.care != Care::unblock;
}

Step to_failed(Task task, Errc errc) {
    Failed failed{errc, std::move(task), {}, false};
    failed.pin_unsure = may_have_happened(errc) && changes_pin(*failed.task);
    return go(std::move(failed));
}

Step to_gone(Task task, const Around& around) {
    const bool unsure = changes_pin(task);
    Step step = to_card_gone(std::move(task), around);
    std::get<CardGone>(step.next).pin_unsure = unsure;
    return step;
}

Step failed(CardWriting&& at, const PinCareFailed& e, const Around& around) {
    const std::uint8_t tries_left = e.tries_left.value_or(0);
    switch (e.errc) {
        case Errc::card_removed:
            return to_gone(std::move(at.task), around);
        case Errc::pin_wrong:
            if (tries_left > 1) return go(PinPad{std::move(at.task), tries_left, true, {}, {}});
            if (tries_left == 1) return go(CanExplain{std::move(at.task)});
            return to_failed(std::move(at.task), Errc::pin_blocked);
        case Errc::pin_suspended:
            return go(CanExplain{std::move(at.task)});
        case Errc::can_wrong:
            return go(CanPad{std::move(at.task), true, {}});
        case Errc::puk_wrong:
            return go(PukPad{std::move(at.task), true, {}});
        case Errc::puk_not_needed:
            return go(Failed{e.errc, rest_of(std::move(at.task)), {}, false});
        case Errc::pin_deactivated:
        case Errc::puk_inoperative:
            return go(Failed{e.errc, {}, {}, false});
        default:
            return to_failed(std::move(at.task), e.errc);
    }
}

}  // namespace

Step on(CardWriting&& at, PlaceEvent&& event, const Around& around) {
    return std::visit(
        Overloaded{
            [&](PinCareDone&&) { return to_pin_done(std::move(at.task), around); },
            [&](PinCareFailed&& e) { return failed(std::move(at), e, around); },
            [&](CardRemoved&&) { return to_gone(std::move(at.task), around); },
            [&](ReaderChanged&& e) {
                if (e.reader == Reader::ready) return stay(std::move(at));
                Step step = to_card(std::move(at.task), around);
                if (auto* next = std::get_if<Failed>(&step.next))
                    next->pin_unsure = next->task && changes_pin(*next->task);
                return step;
            },
            [&](Tick&& e) {
                const std::uint64_t limit_ms = std::uint64_t{1000} * around.setup.reading_s_max;
                if (e.now.boot_ms < at.since_ms + limit_ms) return stay(std::move(at));
                return to_failed(std::move(at.task), Errc::card_timeout);
            },
            ignored<CopyDeleted, Yes, No, Back, Aside, Pick, Toggle, Edit, Digit, DeleteDigit,
                    AllSeen, CardInserted, PinKnown, ProbeFailed, EidProgress, EidDone, EidFailed,
                    Journaled, JournalFailed, ReleasesLoaded, ReleasesFailed, SlipPrinted,
                    SlipFailed, InsightKnown, InsightFailed>(at),
        },
        std::move(event));
}

}  // namespace core

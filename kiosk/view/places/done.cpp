// SPDX-License-Identifier: EUPL-1.2
// Recorded (g-done), in the four words that are never mixed: recorded, sent, arrived, applied. A no
// is answered in the same way and says that nothing was kept.
#include "kiosk/view/makers.hpp"
#include "sync/model/access_request.hpp"

namespace view {
namespace {

using What = core::Done::What;

Text title_of(What what) {
    switch (what) {
        case What::given:
            return "done.title"_t;
        case What::objected:
            return "done.objected.title"_t;
        case What::withdrawn:
            return "done.withdrawn.title"_t;
        case What::demanded:
            return "done.demanded.title"_t;
        case What::declined:
            return "done.declined.title"_t;
    }
    return {};
}

Text lead_of(What what) {
    switch (what) {
        case What::given:
        case What::objected:
            return "done.lead"_t;
        case What::withdrawn:
            return "done.withdrawn.lead"_t;
        case What::demanded:
            return "done.demanded.lead"_t;
        case What::declined:
            return "done.declined.lead"_t;
    }
    return {};
}

Track track_of(const Look& look, const core::Done& at) {
    using Step = TrackStep::State;
    Track track;
    track.steps.push_back({Step::done, "check", "done.recorded"_t,
                           with("done.today"_t, {time_arg("time", at.minutes)})});
    track.steps.push_back({Step::now, "waiting", "done.not_sent"_t,
                           look.common.link_up ? "done.sends_now"_t : "done.sends_later"_t});
    track.steps.push_back({Step::later, "received", "done.received"_t, "done.not_yet"_t});
    if (at.what == What::demanded) {
        const core::Date last = model::answer_day(look.common.now.date);
        track.steps.push_back({Step::later, "applied", "done.answered"_t,
                               with("done.answered.by"_t, {date_arg("date", last)})});
        return track;
    }
    track.steps.push_back({Step::later, "applied", "done.applied"_t, "done.not_yet.see"_t});
    return track;
}

/// Everything but a no and a withdrawal comes with a slip; without codes the key could not sign
/// them any more, after it was recorded.
bool lacks_slip(const core::Done& at) {
    const bool comes_with_one =
        at.what == What::given || at.what == What::objected || at.what == What::demanded;
    return comes_with_one && at.slip.check.empty();
}

void add_slip(Screen& screen, const Look& look, const core::Done& at) {
    using Print = core::Done::Print;
    if (lacks_slip(at)) {
        screen.blocks.emplace_back(Note{
            Tone::warn, "receipt", {"slip.none"_t, "slip.none.safe"_t, "slip.none.instead"_t}});
    }
    const bool printer = look.setup.printer == core::Availability::yes;
    if (!at.slip.take_back.empty()) {
        screen.blocks.emplace_back(QrCard{at.slip.take_back,
                                          "act-take-back",
                                          "slip.take_back"_t,
                                          {"slip.take_back.line"_t, "slip.take_back.keep"_t},
                                          "slip.no_name"_t});
    }
    if (!at.slip.check.empty()) {
        screen.blocks.emplace_back(
            QrCard{at.slip.check,
                   "receipt",
                   "slip.check"_t,
                   {printer ? "slip.photo_or_print"_t : "slip.photo"_t, "slip.check.line"_t},
                   "slip.no_name"_t});
    }
    if (at.print == Print::running)
        screen.blocks.emplace_back(Note{Tone::accent, "printer", {"slip.printing"_t}});
    if (at.print == Print::done)
        screen.blocks.emplace_back(Note{Tone::ok, "printer", {"slip.printed"_t}});
    if (at.print == Print::failed) {
        screen.blocks.emplace_back(
            Note{Tone::warn, "printer", {"slip.failed"_t, "slip.failed.safe"_t}});
    }
    const bool may_print = printer && !at.slip.check.empty() &&
                           (at.print == Print::offered || at.print == Print::failed);
    if (may_print) {
        screen.pair = DecisionPair{{"done.print", "printer", "done.print"_t, {}},
                                   {"done.no_receipt", "check", "done.no_receipt"_t, {}}};
        screen.pair->question = "slip.check"_t;
        screen.pair->summary = {"slip.photo_or_print"_t, "slip.no_name"_t};
    } else {
        screen.main = Button{"done.finish", "check", "done.finish"_t, {}};
    }
}

}  // namespace

void fill(Screen& screen, const Look& look, const core::Done& at) {
    const bool declined = at.what == What::declined;
    screen.name = declined ? "declined" : "done";
    screen.steps = step_of(4);
    screen.title = title_of(at.what);
    screen.lead = lead_of(at.what);
    if (look.common.card_present) {
        screen.blocks.emplace_back(Note{Tone::accent, "card-out", {"done.take_card"_t}, true});
    }
    if (declined) {
        screen.blocks.emplace_back(
            Note{Tone::neutral, "not-stored", {"done.declined.kept"_t, "done.declined.again"_t}});
        screen.main = Button{"done.finish", "check", "done.finish"_t, {}};
    } else {
        screen.blocks.emplace_back(track_of(look, at));
        if (at.what == What::given && !look.common.link_up) {
            // Said plainly, because a withdrawal elsewhere wins over a grant made without news of
            // it (architecture.md 4).
            screen.blocks.emplace_back(Paragraph{
                {with("done.elsewhere"_t,
                      {date_arg("date", look.common.link_since.date, Arg::Kind::date_long)})},
                true,
                "info"});
        }
        if (at.by_slip && !at.by_slip->signed_here)
            screen.blocks.emplace_back(Paragraph{{"done.slip.elsewhere"_t}, true, "info"});
        add_slip(screen, look, at);
    }
    screen.back = Button{"done.home", "back", "done.home"_t, {}};
    screen.other = Button{"done.status", "act-requests", "done.status"_t, {}};
}

}  // namespace view

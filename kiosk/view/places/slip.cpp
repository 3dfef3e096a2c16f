// SPDX-License-Identifier: EUPL-1.2
// A code was held to the reader: what it takes back, or why it does not and what does. Nothing of
// the declaration is shown: a slip proves nobody.
#include "kiosk/view/makers.hpp"

namespace view {
namespace {

using core::SlipTrouble;

struct Refusal {
    Text title;
    Text lead;
};

Refusal refusal_of(SlipTrouble trouble) {
    switch (trouble) {
        case SlipTrouble::damaged:
            return {"errc.slip_bad.title"_t, "errc.slip_bad"_t};
        case SlipTrouble::foreign:
            return {"slip_refused.foreign.title"_t, "slip_refused.foreign"_t};
        case SlipTrouble::half:
            return {"slip_refused.half.title"_t, "slip_refused.half"_t};
        case SlipTrouble::forged:
            return {"slip_refused.forged.title"_t, "slip_refused.forged"_t};
        case SlipTrouble::taken_back:
            return {"slip_refused.taken_back.title"_t, "slip_refused.taken_back"_t};
        case SlipTrouble::invitation:
            return {"slip_refused.invitation.title"_t, "slip_refused.invitation"_t};
        case SlipTrouble::invitation_forged:
            return {"slip_refused.letter_forged.title"_t, "slip_refused.letter_forged"_t};
        case SlipTrouble::invitation_over:
            return {"slip_refused.letter_over.title"_t, "slip_refused.letter_over"_t};
    }
    return {};
}

}  // namespace

std::optional<Note> slip_note(const Look& look) {
    if (look.setup.slip_reader == core::Availability::no) return std::nullopt;
    return Note{Tone::neutral, "receipt", {"slip.hold"_t, "slip.hold.line"_t}};
}

void fill(Screen& screen, const Look& look, const core::SlipAsk& at) {
    (void)look;  // the slip itself says all there is
    screen.name = "slip-ask";
    screen.title = "slip_ask.title"_t;
    screen.lead = "take_back.lead"_t;
    Rows rows;
    rows.rows.push_back({"receipt", "take_back.what"_t, {"slip_ask.what.line"_t}, {}});
    const Text when = at.slip.signed_here ? "slip_ask.when.here"_t : "slip_ask.when.elsewhere"_t;
    rows.rows.push_back(
        {"recorded", "slip_ask.when"_t, {with(when, {date_arg("date", at.slip.date)})}, {}});
    rows.rows.push_back({"duration", "take_back.from"_t, {"slip_ask.from.line"_t}, {}});
    screen.blocks.emplace_back(std::move(rows));
    screen.blocks.emplace_back(
        Note{Tone::neutral, "lock", {"slip_ask.content"_t, "slip_ask.content.card"_t}});
    if (!at.slip.signed_here) {
        screen.blocks.emplace_back(
            Note{Tone::accent, "info", {"slip_ask.elsewhere"_t, "slip_ask.elsewhere.line"_t}});
    }
    screen.blocks.emplace_back(Paragraph{{"take_back.no_reason"_t}});
    screen.pair = DecisionPair{{"slip_ask.yes", "check", "take_back.yes"_t, {}},
                               {"slip_ask.no", "cross", "take_back.no"_t, {}}};
    screen.pair->question = "slip_ask.title"_t;
    // A slip names nothing; the day is what tells it from another.
    screen.pair->summary = {"slip_ask.what.line"_t, with(when, {date_arg("date", at.slip.date)}),
                            "take_back.lead"_t, "take_back.no_reason"_t};
    screen.back = back_button();
    screen.other = staff_button();
}

void fill(Screen& screen, const Look&, const core::SlipRefused& at) {
    Refusal refusal = refusal_of(at.trouble);
    screen.name = "slip-refused";
    screen.title = std::move(refusal.title);
    screen.lead = std::move(refusal.lead);
    screen.back = back_button();
    screen.other = staff_button();
    if (at.trouble == SlipTrouble::taken_back) {
        screen.blocks.emplace_back(Note{Tone::ok, "done", {"slip_refused.again"_t}});
        screen.main = Button{"slip_refused.go", "check", "done.finish"_t, {}};
        return;
    }
    screen.blocks.emplace_back(Note{Tone::accent, "info", {"slip_refused.safe"_t}});
    if (core::is_of_letter(at.trouble)) {
        screen.blocks.emplace_back(Paragraph{{"slip_refused.invitation.how"_t}, false, "act-give"});
        screen.main = Button{"slip_refused.go", "check", "done.home"_t, {}};
        return;
    }
    screen.blocks.emplace_back(Paragraph{{"slip_refused.again"_t}, false, "receipt"});
    screen.main = Button{"slip_refused.go", "card-in", "slip_refused.card"_t, {}};
}

}  // namespace view

// SPDX-License-Identifier: EUPL-1.2
// The care for the PIN (J4): the letter PIN, the present and the new PIN, the PUK, and what is true
// in the end. Built like e-pin and j-can; digits are on none of these screens.
#include "kiosk/core/pin_care.hpp"
#include "kiosk/view/makers.hpp"

namespace view {
namespace {

/// The card lies there; beside it what makes a good PIN.
void add_tips(Screen& screen) {
    screen.blocks.emplace_back(Picture{Picture::Kind::card_on_reader, "card.picture"_t});
    screen.blocks.emplace_back(Note{
        Tone::accent, "lock", {"new_pin.tip"_t, "new_pin.tip.birthday"_t, "new_pin.tip.row"_t}});
}

}  // namespace

Paragraph pin_office() {
    return {{"pin_help.forgotten"_t, "pin_help.office"_t}, false, "info"};
}

Paragraph puk_office() {
    return {{"puk.office"_t, "pin_help.office"_t}, false, "info"};
}

Tile unblock_tile() {
    return {"care.unblock", "lock", "care.unblock"_t, "care.unblock.line"_t, {}};
}

void fill_old_pin(Screen& screen, const core::PinPad& at) {
    const bool letter = at.task.care == core::Care::own_pin;
    screen.name = "old-pin";
    screen.title = letter ? "old_pin.letter.title"_t : "old_pin.title"_t;
    screen.lead = letter ? "old_pin.letter.lead"_t : "old_pin.lead"_t;
    add_card_lies_right(screen);
    add_tries(screen, at);
    const auto total = static_cast<std::uint8_t>(core::pin_digits_of(at.task));
    add_pad(screen, {at.pin.size(), total}, "pin.boxes"_t);
    screen.back = back_button();
    screen.other = Button{"pin.forgot", "help", "pin.forgot"_t, {}};
}

void fill(Screen& screen, const Look&, const core::LetterPin&) {
    screen.name = "letter-pin";
    screen.title = "letter_pin.title"_t;
    screen.lead = "letter_pin.lead"_t;
    screen.blocks.emplace_back(Picture{Picture::Kind::pin_letter, "pin_help.picture"_t});
    screen.blocks.emplace_back(
        Paragraph{{"letter_pin.first"_t, "letter_pin.own"_t}, false, "lock"});
    screen.blocks.emplace_back(Note{Tone::accent, "info", {"letter_pin.safe"_t}});
    screen.pair = DecisionPair{{"letter_pin.yes", "check", "letter_pin.yes"_t, {}},
                               {"letter_pin.no", "cross", "letter_pin.no"_t, {}}};
    screen.pair->question = "letter_pin.title"_t;
    screen.pair->summary = {"letter_pin.own"_t, "letter_pin.safe"_t};
    screen.back = back_button();
    screen.other = without_pin_button();
}

void fill(Screen& screen, const Look&, const core::NewPinPad& at) {
    screen.name = "new-pin";
    screen.title = "new_pin.title"_t;
    screen.lead = "new_pin.lead"_t;
    add_tips(screen);
    if (at.differed) {
        screen.blocks.emplace_back(
            Note{Tone::warn, "info", {"new_pin.differed"_t, "new_pin.differed.safe"_t}});
    }
    add_pad(screen, {at.pin.size(), core::Pin::capacity}, "new_pin.boxes"_t);
    screen.back = back_button();
}

void fill(Screen& screen, const Look&, const core::NewPinAgain& at) {
    screen.name = "new-pin-again";
    screen.title = "new_again.title"_t;
    screen.lead = "new_again.lead"_t;
    add_card_lies_right(screen);
    if (at.easy) {
        screen.blocks.emplace_back(
            Note{Tone::accent, "info", {"new_again.easy"_t, "new_again.easy.line"_t}});
    }
    add_pad(screen, {at.pin.size(), core::Pin::capacity}, "new_pin.boxes"_t);
    screen.back = back_button();
    screen.other = Button{"new_pin.other", "edit", "new_pin.other"_t, {}};
}

void fill(Screen& screen, const Look&, const core::PukExplain&) {
    screen.name = "puk";
    screen.title = "puk.title"_t;
    screen.lead = "puk.lead"_t;
    screen.blocks.emplace_back(Picture{Picture::Kind::puk_letter, "puk.picture"_t});
    screen.blocks.emplace_back(Paragraph{{"puk.keeps"_t}, false, "lock"});
    screen.blocks.emplace_back(puk_office());
    screen.blocks.emplace_back(Note{Tone::warn, "info", {"puk.uses"_t, "puk.known"_t}});
    screen.pair =
        DecisionPair{{"puk.yes", "check", "puk.yes"_t, {}}, {"puk.no", "cross", "can.no"_t, {}}};
    screen.pair->question = "puk.title"_t;
    screen.pair->summary = {"puk.lead"_t, "puk.known"_t};
    screen.back = back_button();
    screen.other = without_pin_button();
}

void fill(Screen& screen, const Look&, const core::PukPad& at) {
    screen.name = "puk-pad";
    screen.title = "puk_pad.title"_t;
    screen.lead = "puk_pad.lead"_t;
    add_card_lies_right(screen);
    if (at.was_wrong) {
        screen.blocks.emplace_back(
            Note{Tone::warn, "info", {"puk_pad.wrong"_t, "puk_pad.wrong.line"_t}});
    }
    add_pad(screen, {at.puk.size(), core::Puk::capacity}, "puk_pad.boxes"_t);
    screen.back = back_button();
    screen.other = without_pin_button();
}

void fill(Screen& screen, const Look&, const core::CardWriting& at) {
    const bool unblocks = at.task.care == core::Care::unblock;
    screen.name = "card-writing";
    screen.title = unblocks ? "writing.unblock.title"_t : "writing.title"_t;
    screen.lead = "reading.lead"_t;
    screen.blocks.emplace_back(Picture{Picture::Kind::reading, "reading.picture"_t});
    screen.blocks.emplace_back(Waiting{unblocks ? "writing.unblock.what"_t : "writing.what"_t,
                                       "reading.time"_t, "card.stay"_t});
}

void fill(Screen& screen, const Look&, const core::PinDone& at) {
    const bool unblocked = at.what == core::Care::unblock;
    screen.name = "pin-done";
    screen.title = unblocked ? "pin_done.unblocked.title"_t : "pin_done.title"_t;
    screen.lead = unblocked ? "pin_done.unblocked.lead"_t : "pin_done.lead"_t;
    if (unblocked) {
        screen.blocks.emplace_back(Note{Tone::ok, "done", {"pin_done.tries"_t}});
        screen.blocks.emplace_back(pin_office());
    } else {
        screen.blocks.emplace_back(
            Note{Tone::ok, "done", {"pin_done.old"_t, "pin_done.everywhere"_t}});
        screen.blocks.emplace_back(Paragraph{{"pin_done.remember"_t}, false, "lock"});
        screen.blocks.emplace_back(Paragraph{{"pin_done.not_kept"_t}, false, "not-stored"});
    }
    if (at.next) {
        screen.blocks.emplace_back(Note{Tone::accent, "card-in", {"pin_done.then"_t}, true});
        screen.main = Button{"pin_done.go_on", "next", "button.next"_t, {}};
    } else {
        if (!at.card_out_ms) {
            screen.blocks.emplace_back(Note{Tone::accent, "card-out", {"done.take_card"_t}, true});
        }
        screen.main = Button{"done.finish", "check", "done.finish"_t, {}};
    }
    screen.back = Button{"done.home", "back", "done.home"_t, {}};
}

}  // namespace view

// SPDX-License-Identifier: EUPL-1.2
// Card, PIN and CAN (e-pin, j-can, j-card-removed): where the card goes, who asks, tries left, what
// is safe.
#include "kiosk/view/makers.hpp"

namespace view {
namespace {

/// In the care for the PIN nothing is granted: its screens are no step of four.
void add_step(Screen& screen, const core::Task& task) {
    if (!task.care) screen.steps = step_of(2);
}

}  // namespace

Button without_pin_button() {
    return {"staff", "staff", "button.without_pin"_t, {}};
}

void add_pad(Screen& screen, Typed typed, Text label) {
    Text progress = counted("pad.progress"_t, static_cast<std::int64_t>(typed.entered));
    progress.args.push_back({"total", std::to_string(typed.total), Arg::Kind::number});
    screen.blocks.emplace_back(DigitBoxes{std::move(label),
                                          static_cast<std::uint8_t>(typed.entered), typed.total,
                                          std::move(progress)});
    screen.blocks.emplace_back(DigitPad{typed.entered > 0, typed.entered == typed.total});
}

Note card_lies_right() {
    return {Tone::ok, "done", {"pin.card_right"_t, "pin.card_stay"_t, "pin.card_where"_t}};
}

void add_card_lies_right(Screen& screen) {
    screen.blocks.emplace_back(Picture{Picture::Kind::card_on_reader, "card.picture"_t});
    screen.blocks.emplace_back(card_lies_right());
}

void add_tries(Screen& screen, const core::PinPad& at) {
    const Tries tries{at.tries_left, 3, counted("pin.tries"_t, at.tries_left)};
    if (at.can) {
        screen.blocks.emplace_back(Note{Tone::warn, "info", {"pin.last"_t, "pin.last.line"_t}});
        screen.blocks.emplace_back(tries);
    } else if (at.was_wrong) {
        screen.blocks.emplace_back(Note{Tone::warn, {}, {"pin.wrong"_t, tries.words}});
        screen.blocks.emplace_back(tries);
    } else if (at.tries_left < 3) {
        screen.blocks.emplace_back(Note{Tone::warn, {}, {"pin.before"_t, tries.words}});
        screen.blocks.emplace_back(tries);
    }
}

void fill(Screen& screen, const Look& look, const core::CardWait& at) {
    screen.name = "card";
    add_step(screen, at.task);
    screen.title = "card.title"_t;
    screen.lead = "card.lead"_t;
    screen.blocks.emplace_back(Picture{Picture::Kind::card_on_reader, "card.picture"_t});
    if (at.probing) {
        screen.blocks.emplace_back(Waiting{"card.probing"_t, "card.probing.time"_t, "card.stay"_t});
    } else {
        Paragraph where{{"card.where"_t}};
        if (!at.task.care) where.lines.push_back("card.which"_t);
        screen.blocks.emplace_back(std::move(where));
        screen.blocks.emplace_back(
            at.task.care ? Note{Tone::accent, "lock", {"care.reads_nothing"_t, "care.no_net"_t}}
                         : mode_note(look));
        const bool takes_back = at.task.kind == core::Task::Kind::take_back && !at.task.care;
        if (auto slip = takes_back ? slip_note(look) : std::nullopt)
            screen.blocks.emplace_back(std::move(*slip));
    }
    screen.back = back_button();
    screen.other = staff_button();
}

void fill(Screen& screen, const Look& look, const core::CardAsk& at) {
    screen.name = "card-ask";
    screen.steps = step_of(2);
    screen.title = "ask.title"_t;
    screen.lead = "ask.lead"_t;
    const bool gives = at.task.kind == core::Task::Kind::give;
    Rows rows;
    rows.rows.push_back({"device", "ask.provider"_t, {literal(look.site.provider, "de")}, {}});
    rows.rows.push_back(
        {"purpose", "ask.purpose"_t, {gives ? "ask.purpose.give"_t : "ask.purpose.own"_t}, {}});
    rows.rows.push_back(
        {"person", "ask.fields"_t, {"ask.fields.name"_t, "ask.fields.birth"_t}, {}});
    rows.rows.push_back({"check", "ask.valid"_t, {"ask.valid.line"_t}, {}});
    rows.rows.push_back({"lock", "ask.pseudonym"_t, {"ask.pseudonym.line"_t}, {}});
    rows.rows.push_back({"excluded", "ask.not"_t, {"ask.not.line"_t}, {}});
    screen.blocks.emplace_back(std::move(rows));
    screen.blocks.emplace_back(Paragraph{{"ask.only_you"_t}, false, "lock"});
    screen.back = back_button();
    screen.main = Button{"ask.next", "next", "ask.next"_t, {}};
}

void fill(Screen& screen, const Look&, const core::PinPad& at) {
    if (at.task.care) return fill_old_pin(screen, at);
    screen.name = "pin";
    screen.steps = step_of(2);
    screen.title = "pin.title"_t;
    screen.lead = "pin.lead"_t;
    add_card_lies_right(screen);
    add_tries(screen, at);
    add_pad(screen, {at.pin.size(), core::Pin::capacity}, "pin.boxes"_t);
    // Five digits are the PIN from the letter: the next screen asks.
    if (at.pin.size() == core::letter_pin_digits)
        std::get<DigitPad>(screen.blocks.back()).next_enabled = true;
    screen.back = back_button();
    screen.other = Button{"pin.forgot", "help", "pin.forgot"_t, {}};
}

void fill(Screen& screen, const Look&, const core::CanExplain& at) {
    screen.name = "can";
    add_step(screen, at.task);
    screen.title = "can.title"_t;
    screen.lead = "can.lead"_t;
    screen.blocks.emplace_back(Picture{Picture::Kind::can_position, "can.picture"_t});
    screen.blocks.emplace_back(Paragraph{{"can.where"_t}, false, "c02-identity"});
    screen.blocks.emplace_back(Paragraph{{"can.then_pin"_t}, false, "lock"});
    screen.blocks.emplace_back(Note{Tone::accent, "info", {"can.may_stop"_t}});
    screen.pair =
        DecisionPair{{"can.yes", "check", "can.yes"_t, {}}, {"can.no", "cross", "can.no"_t, {}}};
    screen.pair->question = "can.title"_t;
    screen.pair->summary = {"can.lead"_t, "can.may_stop"_t};
    screen.back = back_button();
    screen.other = without_pin_button();
}

void fill(Screen& screen, const Look&, const core::CanPad& at) {
    screen.name = "can-pad";
    add_step(screen, at.task);
    screen.title = "can_pad.title"_t;
    screen.lead = "can_pad.lead"_t;
    add_card_lies_right(screen);
    if (at.was_wrong) {
        screen.blocks.emplace_back(
            Note{Tone::warn, "info", {"can_pad.wrong"_t, "can_pad.wrong.safe"_t}});
    }
    add_pad(screen, {at.can.size(), core::Can::capacity}, "can_pad.boxes"_t);
    screen.back = back_button();
    screen.other = without_pin_button();
}

void fill(Screen& screen, const Look&, const core::CardReading& at) {
    screen.name = "reading";
    screen.steps = step_of(2);
    screen.title = "reading.title"_t;
    screen.lead = "reading.lead"_t;
    screen.blocks.emplace_back(Picture{Picture::Kind::reading, "reading.picture"_t});
    screen.blocks.emplace_back(
        Waiting{"reading.what"_t, "reading.time"_t, "card.stay"_t, at.step, at.steps});
}

void fill(Screen& screen, const Look& look, const core::CardGone& at) {
    screen.name = "card-removed";
    add_step(screen, at.task);
    screen.title = "gone.title"_t;
    screen.lead = at.pin_unsure ? "gone.pin_unsure"_t : "gone.lead"_t;
    screen.blocks.emplace_back(Picture{Picture::Kind::card_on_reader, "card.picture"_t});
    screen.blocks.emplace_back(Label{"gone.put_back"_t});
    screen.blocks.emplace_back(Paragraph{{"gone.then"_t}});
    const std::uint64_t now_ms = look.common.now.boot_ms;
    const std::uint64_t left_s =
        at.deadline_ms > now_ms ? (at.deadline_ms - now_ms + 999) / 1000 : 0;
    screen.blocks.emplace_back(Note{
        Tone::warn, "not-stored", {counted("gone.seconds"_t, static_cast<std::int64_t>(left_s))}});
    screen.pair = DecisionPair{{"gone.more", "plus", "gone.more"_t, {}},
                               {"gone.delete", "not-stored", "gone.delete"_t, {}}};
    screen.pair->question = "gone.title"_t;
    screen.pair->summary = {"gone.put_back"_t, "gone.then"_t};
    screen.back = staff_button();
}

}  // namespace view

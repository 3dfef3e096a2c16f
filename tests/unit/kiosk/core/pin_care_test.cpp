// SPDX-License-Identifier: EUPL-1.2
// The care for the PIN (J4, LR-77, LR-78): what each answer of the card leads to, what reaches the
// card and how often, and what is said in the end.
#include <algorithm>

#include "kiosk/core/easy_pin.hpp"
#include "tests/unit/kiosk/core/in_care.hpp"

// After the project's headers: both define CHECK, and tests mean doctest's.
#include <doctest/doctest.h>

namespace {

using namespace in_care;
using base::Errc;

}  // namespace

TEST_CASE("care: a declaration that is not recorded yet is never pushed aside") {
    Walker walker(world());
    walk(walker, walker::take_back(), walker::take_back().size() - 1);
    walker.send(core::JournalFailed{walker.ticket, Errc::journal_io});
    walker.send(core::OpenPinCare{Care::change_pin});
    CHECK(walker.screen().name == "failed");
    walker.tap("failed.again");
    CHECK(walker.appended.size() == 2);
}

TEST_CASE("care: the tries that are left decide where it begins (LR-77)") {
    struct Row {
        Care care;
        std::uint8_t tries_left;
        const char* screen;
        const char* title;
    };
    for (const Row& row : {Row{Care::own_pin, 3, "old-pin", "old_pin.letter.title"},
                           Row{Care::own_pin, 2, "old-pin", "old_pin.letter.title"},
                           Row{Care::own_pin, 1, "can", "can.title"},
                           Row{Care::own_pin, 0, "failed", "errc.pin_blocked.title"},
                           Row{Care::change_pin, 3, "old-pin", "old_pin.title"},
                           Row{Care::change_pin, 1, "can", "can.title"},
                           Row{Care::change_pin, 0, "failed", "errc.pin_blocked.title"},
                           Row{Care::unblock, 0, "puk", "puk.title"},
                           Row{Care::unblock, 1, "failed", "errc.puk_not_needed.title"},
                           Row{Care::unblock, 3, "failed", "errc.puk_not_needed.title"}}) {
        CAPTURE(row.title);
        CAPTURE(row.tries_left);
        const Walker walker = begun(row.care, row.tries_left);
        CHECK(walker.screen().name == row.screen);
        CHECK(walker.screen().title.id == row.title);
        CHECK(count(walker, "ProbePin") == 1);
    }
    Walker off(world());
    off.tap("language.de");
    off.send(core::OpenPinCare{Care::own_pin});
    off.send(core::CardInserted{});
    off.send(core::ProbeFailed{off.ticket, Errc::pin_deactivated});
    CHECK(off.screen().title.id == "errc.pin_deactivated.title");
}

TEST_CASE("care: it needs neither network nor certificate, and says that nothing is read") {
    Walker walker(world());
    walker.tap("language.de");
    walker.send(core::CertificateChanged{false});
    walker.send(core::OpenPinCare{Care::own_pin});
    CHECK(walker.screen().name == "card");
    CHECK(shows(walker, "care.reads_nothing"));
    walker.card_in(3);
    type(walker, {"12345", "246802", "246802"});
    walker.pin_cared();
    CHECK(walker.screen().name == "pin-done");
    CHECK(count(walker, "RunEid") + count(walker, "RunEidWithCan") == 0);
}

TEST_CASE("care: a certificate that grows too old stops the release, not the care before it") {
    Walker walker(world());
    walk(walker, walker::own_pin(), 9);
    REQUIRE(walker.screen().name == "pin");
    walker.send(core::CertificateChanged{false});
    walker.send(core::OpenPinCare{Care::own_pin});
    walker.probed(3);
    CHECK(walker.screen().name == "old-pin");
    type(walker, {"12345", "246802", "246802"});
    walker.pin_cared();
    walker.tap("pin_done.go_on");
    CHECK(walker.screen().title.id == "errc.certificate_expired.title");
}

TEST_CASE("care: exactly what was typed reaches the card, once") {
    SUBCASE("own PIN") {
        const Walker walker = at_work(Care::own_pin);
        REQUIRE(walker.changed);
        CHECK(digits_of(walker.changed->old_pin.expose()) == "12345");
        CHECK(digits_of(walker.changed->new_pin.expose()) == "246802");
        CHECK_FALSE(walker.changed->can.has_value());
        CHECK(count(walker, "ChangePin") == 1);
    }
    SUBCASE("change with one try left: the CAN goes along") {
        Walker walker = begun(Care::change_pin, 1);
        walker.tap("can.yes");
        type(walker, {"500540", "111111", "246802", "246802"});
        REQUIRE(walker.changed);
        CHECK(digits_of(walker.changed->can->expose()) == "500540");
        CHECK(digits_of(walker.changed->old_pin.expose()) == "111111");
        CHECK(count(walker, "ChangePin") == 1);
    }
    SUBCASE("PUK") {
        const Walker walker = at_work(Care::unblock);
        REQUIRE(walker.unblocked);
        CHECK(digits_of(walker.unblocked->puk.expose()) == "9876543210");
        CHECK(count(walker, "UnblockPin") == 1);
    }
    SUBCASE("five digits at the pad, confirmed: they need not be typed again") {
        Walker walker(world());
        walk(walker, walker::own_pin(), 11);
        REQUIRE(walker.screen().name == "letter-pin");
        walker.tap("letter_pin.yes");
        type(walker, {"246802", "246802"});
        REQUIRE(walker.changed);
        CHECK(digits_of(walker.changed->old_pin.expose()) == "12345");
        CHECK(count(walker, "RunEid") == 0);
    }
}

TEST_CASE("new PIN: two that differ are told, nothing is sent, and the old one need not be typed") {
    Walker walker = begun(Care::change_pin, 3);
    type(walker, {"111111", "246802", "246803"});
    CHECK(walker.screen().name == "new-pin");
    CHECK(shows(walker, "new_pin.differed"));
    CHECK(facts::typed_digits(walker.state()) == 6);
    CHECK(count(walker, "ChangePin") == 0);
    type(walker, {"246803", "246803"});
    REQUIRE(walker.changed);
    CHECK(digits_of(walker.changed->new_pin.expose()) == "246803");
    CHECK(digits_of(walker.changed->old_pin.expose()) == "111111");
}

TEST_CASE("new PIN: an easy one gets a hint and is taken all the same") {
    Walker walker = begun(Care::change_pin, 3);
    type(walker, {"111111", "000000"});
    CHECK(shows(walker, "new_again.easy"));
    walker.tap("new_pin.other");
    CHECK(walker.screen().name == "new-pin");
    CHECK_FALSE(shows(walker, "new_pin.differed"));
    CHECK(facts::typed_digits(walker.state()) == 6);
    type(walker, {"246802"});
    CHECK_FALSE(shows(walker, "new_again.easy"));
    walker.tap("new_pin.other");
    type(walker, {"000000", "000000"});
    CHECK(walker.screen().name == "card-writing");
}

TEST_CASE("easy PIN: one digit, rows up and down, also across the end; nothing else") {
    for (const char* easy : {"000000", "111111", "123456", "654321", "789012", "210987", "567890"})
        CHECK_MESSAGE(core::is_easy_pin(pin_of(easy)), easy);
    for (const char* fine : {"123457", "112233", "246802", "121212", "000001", "100000", "135790"})
        CHECK_MESSAGE(!core::is_easy_pin(pin_of(fine)), fine);
    CHECK_FALSE(core::is_easy_pin(pin_of("")));
    CHECK_FALSE(core::is_easy_pin(pin_of("1")));
    CHECK(core::is_same_pin(pin_of("246802"), pin_of("246802")));
    CHECK_FALSE(core::is_same_pin(pin_of("246802"), pin_of("246803")));
    CHECK_FALSE(core::is_same_pin(pin_of("246802"), pin_of("346802")));
    CHECK_FALSE(core::is_same_pin(pin_of("24680"), pin_of("246802")));
}

TEST_CASE("answers: each failure has one way on, nothing typed is left, nothing is sent again") {
    struct Row {
        Care care;
        Errc errc;
        std::optional<std::uint8_t> tries_left;
        const char* screen;
        const char* title;
        bool unsure = false;
    };
    for (const Row& row :
         {Row{Care::change_pin, Errc::pin_wrong, 2, "old-pin", "old_pin.title"},
          Row{Care::own_pin, Errc::pin_wrong, 2, "old-pin", "old_pin.letter.title"},
          Row{Care::change_pin, Errc::pin_wrong, 1, "can", "can.title"},
          Row{Care::change_pin, Errc::pin_wrong, 0, "failed", "errc.pin_blocked.title"},
          Row{Care::change_pin, Errc::pin_suspended, 1, "can", "can.title"},
          Row{Care::change_pin, Errc::can_wrong, {}, "can-pad", "can_pad.title"},
          Row{Care::change_pin, Errc::pin_blocked, {}, "failed", "errc.pin_blocked.title"},
          Row{Care::change_pin, Errc::pin_deactivated, {}, "failed", "errc.pin_deactivated.title"},
          Row{Care::change_pin, Errc::card_removed, {}, "card-removed", "gone.title", true},
          Row{Care::change_pin, Errc::card_exchanged, {}, "failed", "errc.card_exchanged.title"},
          Row{Care::own_pin, Errc::pin_counter_moved, {}, "failed", "errc.pin_counter_moved.title"},
          Row{Care::change_pin, Errc::card_reset, {}, "failed", "errc.card_reset.title", true},
          Row{Care::own_pin, Errc::sm_mac_wrong, {}, "failed", "errc.sm_mac_wrong.title", true},
          Row{Care::change_pin, Errc::card_busy, {}, "failed", "errc.card_busy.title"},
          Row{Care::unblock, Errc::puk_wrong, {}, "puk-pad", "puk_pad.title"},
          Row{Care::unblock, Errc::puk_inoperative, {}, "failed", "errc.puk_inoperative.title"},
          Row{Care::unblock, Errc::puk_not_needed, {}, "failed", "errc.puk_not_needed.title"},
          Row{Care::unblock, Errc::card_removed, {}, "card-removed", "gone.title"},
          Row{Care::unblock, Errc::card_timeout, {}, "failed", "errc.card_timeout.title"}}) {
        CAPTURE(row.title);
        Walker walker = at_work(row.care);
        walker.pin_care_failed(row.errc, row.tries_left);
        CHECK(walker.screen().name == row.screen);
        CHECK(walker.screen().title.id == row.title);
        CHECK(facts::typed_digits(walker.state()) == 0);
        const bool unsure = shows(walker, "gone.pin_unsure") || shows(walker, "failed.pin_unsure");
        CHECK(unsure == row.unsure);
        CHECK(count(walker, "ChangePin") + count(walker, "UnblockPin") == 1);
    }
}

TEST_CASE("answers: a card that was exchanged or counted on is asked anew from the beginning") {
    for (const Errc errc : {Errc::card_exchanged, Errc::pin_counter_moved}) {
        Walker walker = at_work(Care::change_pin);
        walker.pin_care_failed(errc);
        walker.tap("failed.again");
        CHECK(walker.screen().name == "card");
        walker.probed(2);
        CHECK(walker.screen().name == "old-pin");
        CHECK(count(walker, "ChangePin") == 1);
    }
}

TEST_CASE("answers: a PIN set before the card went, or after we gave up, is told as set") {
    Walker gone = at_work(Care::change_pin);
    gone.card_out();
    CHECK(shows(gone, "gone.pin_unsure"));
    gone.pin_cared();
    CHECK(gone.screen().name == "pin-done");
    gone.seconds(world().setup.done_s);
    CHECK(gone.screen().name == "start");
    Walker slow = at_work(Care::own_pin);
    slow.seconds(world().setup.reading_s_max);
    CHECK(slow.screen().title.id == "errc.card_timeout.title");
    CHECK(shows(slow, "failed.pin_unsure"));
    slow.pin_cared();
    CHECK(slow.screen().name == "pin-done");
}

TEST_CASE("blocked: the PUK is offered, who helps without it is said, and the task goes on") {
    Walker walker(world());
    walk(walker, walker::unblock(), 3);
    const view::Screen blocked = walker.screen();
    CHECK(blocked.title.id == "errc.pin_blocked.title");
    CHECK(std::any_of(blocked.blocks.begin(), blocked.blocks.end(), [](const view::Block& block) {
        const auto* words = std::get_if<view::Paragraph>(&block);
        return words != nullptr && words->lines.back().id == "pin_help.office";
    }));
    walker.tap("care.unblock");
    walker.probed(0);
    walker.tap("puk.yes");
    type(walker, {"9876543210"});
    walker.pin_cared();
    CHECK(walker.screen().title.id == "pin_done.unblocked.title");
    walker.tap("pin_done.go_on");
    walker.probed(3);
    CHECK(walker.screen().name == "card-ask");
    CHECK_FALSE(std::get<core::CardAsk>(walker.state().place).task.care.has_value());
}

TEST_CASE("blocked by the last try of a run: the task waits for the PUK all the same") {
    Walker walker(world());
    walker.tap("language.de");
    walker.tap("home.take_back");
    walker.card_in(1);
    walker.tap("ask.next");
    walker.tap("can.yes");
    type(walker, {"500540", "111111"});
    walker.eid_failed(Errc::pin_wrong, 0);
    walker.tap("care.unblock");
    walker.probed(0);
    REQUIRE(facts::is<core::PukExplain>(walker.state()));
    CHECK(std::get<core::PukExplain>(walker.state().place).task.kind ==
          core::Task::Kind::take_back);
}

TEST_CASE("PUK: with tries left it is refused unspent, and the task goes on without it") {
    Walker walker(world());
    walker.tap("language.de");
    walker.tap("home.status");
    walker.card_in(2);
    walker.send(core::OpenPinCare{Care::unblock});
    walker.probed(2);
    CHECK(walker.screen().title.id == "errc.puk_not_needed.title");
    walker.tap("failed.again");
    walker.probed(2);
    CHECK(walker.screen().name == "card-ask");
    CHECK(count(walker, "UnblockPin") == 0);
}

TEST_CASE("PUK: used up has no way but the office and a person") {
    Walker walker = at_work(Care::unblock);
    walker.pin_care_failed(Errc::puk_inoperative);
    const auto ids = walker::targets(walker.screen());
    CHECK(std::count(ids.begin(), ids.end(), "care.unblock") == 0);
    CHECK(std::count(ids.begin(), ids.end(), "failed.staff") == 1);
}

TEST_CASE("done: without a task it ends, with one it goes on, without a card it forgets") {
    Walker alone = at_work(Care::change_pin);
    alone.pin_cared();
    CHECK(alone.screen().title.id == "pin_done.title");
    alone.send(core::Yes{});  // there is nothing to go on with
    CHECK(alone.screen().name == "pin-done");
    alone.card_out();
    alone.seconds(world().setup.done_s - 1);
    CHECK(alone.screen().name == "pin-done");
    alone.seconds(1);
    CHECK(alone.screen().name == "start");
    Walker ends = at_work(Care::change_pin);
    ends.pin_cared();
    ends.tap("done.finish");
    CHECK(ends.screen().name == "start");
    CHECK(ends.effects.back() == "FlushCaches");
}

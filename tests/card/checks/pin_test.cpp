// SPDX-License-Identifier: EUPL-1.2
// PIN, CAN and PUK through the card: every state, every way in and out.
#include <doctest/doctest.h>

#include "tests/card/checks/world.hpp"

namespace {

using namespace card;

StatusWord probe(World& w) {
    return w.terminal->send("0022C1A40F800A04007F00070202040202830103").status;
}

TEST_CASE("pin: the state is told without costing a try") {
    struct Row {
        const char* person;
        StatusWord word;
    };
    for (const Row& row : {Row{"leyla", 0x9000}, Row{"suspended", 0x63C1}, Row{"blocked", 0x63C0},
                           Row{"minor_deactivated", 0x6283}, Row{"transport_pin", 0x9000},
                           Row{"puk_used_up", 0x63C0}}) {
        const std::string person = row.person;
        CAPTURE(person);
        World w(row.person);
        for (int i = 0; i < 5; ++i) CHECK(probe(w) == row.word);
    }
}

TEST_CASE("pin: wrong, wrong, suspended, CAN, wrong again, blocked, PUK, good again") {
    World w;
    CHECK(w.pace_with(PasswordId::pin, "000000") == 0x63C2);
    CHECK(probe(w) == 0x63C2);
    CHECK(w.pace_with(PasswordId::pin, "000001") == 0x63C1);
    CHECK(w.pace_with(PasswordId::pin, "123456") == sw::conditions);
    CHECK(w.pace_with(PasswordId::pin, "000002") == sw::conditions);
    CHECK(probe(w) == 0x63C1);
    CHECK(w.pace_with(PasswordId::can, "500541") == sw::failed);
    REQUIRE(w.pace_with(PasswordId::can, "500540") == sw::ok);
    CHECK(w.pace_with(PasswordId::pin, "000003") == 0x63C0);
    CHECK(w.pace_with(PasswordId::pin, "123456") == sw::blocked);
    w.card->power_up();
    TerminalProbe fresh(*w.card);
    CHECK(fresh.pace({.password = PasswordId::puk, .secret = "1111111111"}) == sw::failed);
    REQUIRE(fresh.pace({.password = PasswordId::puk, .secret = "9876543210"}) == sw::ok);
    CHECK(fresh.send("002C0303").status == sw::ok);
    CHECK(w.card->passwords().puk_uses == 9);
    w.card->power_up();
    CHECK(TerminalProbe(*w.card).pace({.secret = "123456", .rights = all_rights}) == sw::ok);
}

TEST_CASE("pin: CAN and then PIN inside that channel resumes a suspended PIN") {
    World w("suspended");
    REQUIRE(w.pace_with(PasswordId::can, "500540") == sw::ok);
    CHECK(w.pace() == sw::ok);
    CHECK(w.card->passwords().pin_tries == pin_tries_max);
    CHECK(w.terminal_authentication() == sw::ok);
}

TEST_CASE("pin: the CAN helps only inside its own channel") {
    World w("suspended");
    REQUIRE(w.pace_with(PasswordId::can, "500540") == sw::ok);
    w.card->power_up();
    CHECK(TerminalProbe(*w.card).pace({.secret = "123456"}) == sw::conditions);
}

TEST_CASE("pin: the right one sets the counter back") {
    World w;
    CHECK(w.pace_with(PasswordId::pin, "000000") == 0x63C2);
    CHECK(w.pace() == sw::ok);
    w.card->power_up();
    TerminalProbe fresh(*w.card);
    CHECK(fresh.send("0022C1A40F800A04007F00070202040202830103").status == sw::ok);
}

TEST_CASE("pin: change") {
    World w;
    REQUIRE(w.pace_with(PasswordId::pin, "123456") == sw::ok);
    SUBCASE("six digits") {
        CHECK(w.terminal->send("002C020306363534333231").status == sw::ok);
        CHECK(w.card->passwords().pin == "654321");
        w.card->power_up();
        TerminalProbe fresh(*w.card);
        CHECK(fresh.pace({.secret = "123456"}) == 0x63C2);
        CHECK(fresh.pace({.secret = "654321"}) == sw::ok);
    }
    SUBCASE("five, seven, none, letters") {
        CHECK(w.terminal->send("002C0203053635343332").status == sw::not_usable);
        CHECK(w.terminal->send("002C02030736353433323130").status == sw::not_usable);
        CHECK(w.terminal->send("002C0203").status == sw::not_usable);
        CHECK(w.terminal->send("002C020306363534333241").status == sw::wrong_data);
        CHECK(w.card->passwords().pin == "123456");
    }
    SUBCASE("a PIN channel does not unblock and does not switch off") {
        CHECK(w.terminal->send("002C0303").status == sw::security_status);
        CHECK(w.terminal->send("00041003").status == sw::security_status);
    }
}

TEST_CASE("pin: transport PIN opens the change and nothing else") {
    World w("transport_pin");
    CHECK(w.pace_with(PasswordId::pin, "123456") == 0x63C2);
    REQUIRE(w.terminal->pace({.secret = "12345", .rights = all_rights}) == sw::ok);
    CHECK(w.terminal_authentication() == sw::security_status);
    CHECK(w.terminal->send("002C020306313131313131").status == sw::ok);
    w.card->power_up();
    TerminalProbe fresh(*w.card);
    REQUIRE(fresh.pace({.secret = "111111", .rights = all_rights}) == sw::ok);
    CHECK(fresh.terminal_authentication({w.pki.chain(), w.pki.terminal_key, {}}) == sw::ok);
}

TEST_CASE("puk: sets a new PIN, and is used up after ten times") {
    World w("blocked");
    for (unsigned use = 0; use < puk_uses_max; ++use) {
        CAPTURE(use);
        w.card->power_up();
        TerminalProbe fresh(*w.card);
        REQUIRE(fresh.pace({.password = PasswordId::puk, .secret = "9876543210"}) == sw::ok);
        CHECK(fresh.send("002C020306313131313131").status == sw::ok);
    }
    w.card->power_up();
    TerminalProbe fresh(*w.card);
    REQUIRE(fresh.pace({.password = PasswordId::puk, .secret = "9876543210"}) == sw::ok);
    CHECK(fresh.send("002C0303").status == sw::security_status);
    World used_up("puk_used_up");
    REQUIRE(used_up.pace_with(PasswordId::puk, "9876543210") == sw::ok);
    CHECK(used_up.terminal->send("002C0303").status == sw::security_status);
}

TEST_CASE("authority: switches on and off, sets PIN and CAN with the PIN-management right") {
    World w("minor_deactivated");
    CHECK(w.pace_with(PasswordId::pin, "123456") == sw::not_usable);
    const TerminalProbe::PaceOptions on_site{
        .password = PasswordId::can,
        .secret = "500540",
        .rights = only({right::can_allowed, right::pin_management})};
    REQUIRE(w.terminal->authenticate(w.pki, on_site) == sw::ok);
    CHECK(w.terminal->send("00441004").status == sw::wrong_parameters);
    CHECK(w.terminal->send("00441003").status == sw::ok);
    CHECK(w.terminal->send("002C020306323232323232").status == sw::ok);
    CHECK(w.terminal->send("002C020206343434343434").status == sw::ok);
    w.card->power_up();
    TerminalProbe holder(*w.card);
    CHECK(holder.pace({.secret = "222222"}) == sw::ok);
    w.card->power_up();
    TerminalProbe authority(*w.card);
    CHECK(authority.pace({.password = PasswordId::can, .secret = "500540"}) == sw::failed);
    REQUIRE(authority.authenticate(w.pki, {.password = PasswordId::can,
                                           .secret = "444444",
                                           .rights = on_site.rights}) == sw::ok);
    CHECK(authority.send("00041003").status == sw::ok);
    CHECK_FALSE(w.card->passwords().pin_active);
}

TEST_CASE("authority: without the right nothing is switched") {
    World w;
    w.pki.terminal_request.rights = only({right::read(4)});
    REQUIRE(w.terminal->authenticate(w.pki, {.rights = all_rights}) == sw::ok);
    CHECK(w.terminal->send("00041003").status == sw::security_status);
    CHECK(w.terminal->send("002C020206343434343434").status == sw::security_status);
}

}  // namespace

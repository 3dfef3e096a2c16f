// SPDX-License-Identifier: EUPL-1.2
// OpenPACE as terminal in the flows around the PIN, with auxiliary data, and on every curve and
// cipher that the card can have: what an independent implementation makes of the card that our
// driver is tested with.
#include "tests/interop/openpace_terminal.hpp"

#include <doctest/doctest.h>

#include "tests/card/checks/world.hpp"
#include "tests/card/oid.hpp"

namespace {

using namespace card;

Bytes digits(std::string_view text) {
    return {text.begin(), text.end()};
}

StatusWord set_pin(openpace::Terminal& terminal, std::string_view pin) {
    return terminal.send(make_command(0, 0x2C, 0x0203, digits(pin))).status;
}

/// A channel of chip authentication; starts again when OpenPACE stripped a zero.
template <class Then>
void authenticated(World& world, const std::string& secret, s_type type, const Bytes& auxiliary,
                   Then then) {
    for (int attempt = 0; attempt < 10; ++attempt) {
        world.card->power_up();
        openpace::Terminal terminal(*world.card, world.pki);
        REQUIRE(terminal.pace(secret, type, all_rights) == sw::ok);
        const StatusWord status = terminal.authenticate_terminal(auxiliary);
        if (terminal.stripped()) continue;
        REQUIRE(status == sw::ok);
        REQUIRE(terminal.authenticate_chip() == sw::ok);
        then(terminal);
        return;
    }
    FAIL("ten keys in a row began with a zero byte");
}

Bytes auxiliary_data(View oid, std::string_view text) {
    return tlv(0x73, {tlv(0x06, oid), tlv(0x53, digits(text))});
}

StatusWord verify(openpace::Terminal& terminal, View oid) {
    return terminal.send(make_command(0x80, 0x20, 0x8000, tlv(0x06, oid))).status;
}

}  // namespace

TEST_CASE("openpace as terminal: a PIN is changed in its own channel and nowhere else") {
    World w;
    {
        openpace::Terminal terminal(*w.card, w.pki);
        REQUIRE(terminal.pace("123456", PACE_PIN, std::nullopt) == sw::ok);
        CHECK(set_pin(terminal, "12345") == sw::not_usable);
        CHECK(set_pin(terminal, "654321") == sw::ok);
    }
    w.card->power_up();
    CHECK(openpace::Terminal(*w.card, w.pki).pace("654321", PACE_PIN, std::nullopt) == sw::ok);
    w.card->power_up();
    openpace::Terminal with_can(*w.card, w.pki);
    REQUIRE(with_can.pace("500540", PACE_CAN, std::nullopt) == sw::ok);
    CHECK(set_pin(with_can, "111111") == sw::security_status);
}

TEST_CASE("openpace as terminal: the transport PIN of five digits becomes a PIN") {
    World w("transport_pin");
    {
        openpace::Terminal terminal(*w.card, w.pki);
        REQUIRE(terminal.pace("12345", PACE_PIN, std::nullopt) == sw::ok);
        CHECK(set_pin(terminal, "123456") == sw::ok);
    }
    w.card->power_up();
    CHECK(openpace::Terminal(*w.card, w.pki).pace("12345", PACE_PIN, std::nullopt) == 0x63C2);
    CHECK(openpace::Terminal(*w.card, w.pki).pace("123456", PACE_PIN, std::nullopt) == sw::ok);
}

TEST_CASE("openpace as terminal: the PUK unblocks ten times, and the old PIN counts again") {
    World w;
    for (int use = 0; use < 11; ++use) {
        w.card->passwords().pin_tries = 0;
        w.card->power_up();
        openpace::Terminal terminal(*w.card, w.pki);
        REQUIRE(terminal.pace("9876543210", PACE_PUK, std::nullopt) == sw::ok);
        const StatusWord expected = use < 10 ? sw::ok : sw::security_status;
        CHECK(terminal.send(make_command(0, 0x2C, 0x0303)).status == expected);
        if (use > 0) continue;
        w.card->power_up();
        CHECK(openpace::Terminal(*w.card, w.pki).pace("123456", PACE_PIN, std::nullopt) == sw::ok);
    }
}

TEST_CASE("openpace as terminal: age and validity by what was signed, and nothing else") {
    World w;  // born 2008
    const Bytes auxiliary = tlv(0x67, {auxiliary_data(oid::date_of_birth, "20100101"),
                                       auxiliary_data(oid::date_of_expiry, "20261124")});
    authenticated(w, "123456", PACE_PIN, auxiliary, [](openpace::Terminal& terminal) {
        CHECK(verify(terminal, oid::date_of_birth) == sw::ok);
        CHECK(verify(terminal, oid::date_of_expiry) == sw::ok);
        CHECK(verify(terminal, oid::community_id) == sw::reference_missing);
    });
    const Bytes adult = tlv(0x67, {auxiliary_data(oid::date_of_birth, "19900101")});
    authenticated(w, "123456", PACE_PIN, adult, [](openpace::Terminal& terminal) {
        CHECK(verify(terminal, oid::date_of_birth) == sw::failed);
    });
}

TEST_CASE("openpace as terminal: an authority switches the PIN off and on over the CAN") {
    World w;
    authenticated(w, "500540", PACE_CAN, {}, [](openpace::Terminal& terminal) {
        CHECK(terminal.send(make_command(0, 0x04, 0x1003)).status == sw::ok);
    });
    w.card->power_up();
    CHECK(openpace::Terminal(*w.card, w.pki).pace("123456", PACE_PIN, std::nullopt) == 0x6283);
    authenticated(w, "500540", PACE_CAN, {}, [](openpace::Terminal& terminal) {
        CHECK(terminal.send(make_command(0, 0x44, 0x1003)).status == sw::ok);
    });
    w.card->power_up();
    CHECK(openpace::Terminal(*w.card, w.pki).pace("123456", PACE_PIN, std::nullopt) == sw::ok);
}

TEST_CASE("openpace as terminal: PACE and its channel on every curve and cipher") {
    for (const char* curve :
         {"brainpoolP256r1", "brainpoolP384r1", "brainpoolP512r1", "P-256", "P-384"}) {
        for (const char* bits : {"128", "192", "256"}) {
            const std::string name = std::string(curve) + "/" + bits;
            CAPTURE(name);
            const auto suite = parse_suite(name);
            REQUIRE(suite.has_value());
            const TestPki pki;
            RandomSource random;
            auto person = load_person(std::string(CARD_PEOPLE_DIR) + "/leyla.json");
            REQUIRE(person.person.has_value());
            TrustPoints trust_points;
            REQUIRE(trust_points.add_file(pki.cvca()));
            Card card({.person = std::move(*person.person),
                       .trust_points = std::move(trust_points),
                       .suite = *suite},
                      random);
            CHECK(openpace::Terminal(card, pki, *suite).pace("000000", PACE_PIN, std::nullopt) ==
                  0x63C2);
            card.power_up();
            openpace::Terminal terminal(card, pki, *suite);
            REQUIRE(terminal.pace("123456", PACE_PIN, std::nullopt) == sw::ok);
            // Under the new keys.
            CHECK(terminal.read(0x1C).size() > 40);
        }
    }
}

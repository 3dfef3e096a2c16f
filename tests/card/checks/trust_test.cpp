// SPDX-License-Identifier: EUPL-1.2
// Whom the card believes: certificate chains with one fault each, link certificates, the clock, and
// terminal authentication's own order.
#include <doctest/doctest.h>

#include "tests/card/checks/world.hpp"
#include "tests/card/oid.hpp"

namespace {

using namespace card;

TEST_CASE("chain: one fault at a time") {
    World w;
    REQUIRE(w.pace() == sw::ok);
    const auto run = [&] { return w.terminal_authentication(); };
    SUBCASE("none") {
        CHECK(run() == sw::ok);
    }
    SUBCASE("terminal certificate of another issuer's key") {
        w.pki.dv_key = generate_key(w.pki.curve);
        const Bytes dv =
            make_certificate(w.pki.dv_request, w.pki.cvca_key.point, w.pki.cvca_key.scalar);
        CHECK(w.terminal->present(dv) == sw::ok);
        CHECK(w.terminal->present(w.pki.terminal()) == sw::not_usable);
    }
    SUBCASE("unknown authority") {
        w.pki.dv_request.authority = "DETESTCVCA00009";
        CHECK(run() == sw::reference_missing);
    }
    SUBCASE("terminal directly under the CVCA") {
        w.pki.dv_request.role = Role::terminal;
        CHECK(run() == sw::not_usable);
    }
    SUBCASE("document verifier under a document verifier") {
        w.pki.terminal_request.role = Role::dv_domestic;
        CHECK(run() == sw::not_usable);
    }
    SUBCASE("document verifier with domain parameters") {
        w.pki.dv_request.parameters = Parameters::present;
        CHECK(run() == sw::not_usable);
    }
    SUBCASE("expired document verifier") {
        w.pki.dv_request.effective = 20250101;
        w.pki.dv_request.expiration = 20251231;
        CHECK(run() == sw::not_usable);
    }
    SUBCASE("terminal certificate that ran out before the DV's effective date") {
        w.pki.dv_request.effective = 20260601;
        w.pki.terminal_request.effective = 20260110;
        w.pki.terminal_request.expiration = 20260531;
        CHECK(run() == sw::not_usable);
    }
    SUBCASE("last day is a good day") {
        w.pki.terminal_request.expiration = 20260101;
        CHECK(run() == sw::ok);
    }
    SUBCASE("date that is none") {
        w.pki.terminal_request.expiration = 20361301;
        CHECK(run() == sw::wrong_data);
    }
    SUBCASE("effective after expiration") {
        w.pki.terminal_request.effective = 20270101;
        w.pki.terminal_request.expiration = 20260101;
        CHECK(run() == sw::wrong_data);
    }
    SUBCASE("no chain at all") {
        CHECK(w.terminal->terminal_authentication({{w.pki.dv()}, w.pki.dv_key, {}}) ==
              sw::reference_missing);
    }
    SUBCASE("signature of another key") {
        w.pki.terminal_key = generate_key(w.pki.curve);
        World other;
        CHECK(w.terminal->terminal_authentication({w.pki.chain(), other.pki.terminal_key, {}}) ==
              sw::failed);
    }
    SUBCASE("twice in one session") {
        CHECK(run() == sw::ok);
        CHECK(run() == sw::security_status);
    }
}

TEST_CASE("chain: a key that was chosen serves one certificate") {
    World w;
    REQUIRE(w.pace() == sw::ok);
    CHECK(w.terminal->present(w.pki.dv()) == sw::ok);
    const Bytes terminal = w.pki.terminal();
    const auto content = parse_single(terminal, 0x7F21);
    Command command;
    command.ins = 0x2A;
    command.p2 = 0xBE;
    command.data = to_bytes(content->value);
    CHECK(w.terminal->send(command).status == sw::conditions);
}

TEST_CASE("terminal authentication: the order is fixed") {
    World w;
    CHECK(w.terminal->send("002281B6038301 41").status == sw::security_status);
    REQUIRE(w.pace(std::nullopt) == sw::ok);
    CHECK(w.terminal->present(w.pki.dv()) == sw::security_status);
    w.card->power_up();
    World fresh;
    REQUIRE(fresh.pace() == sw::ok);
    CHECK(fresh.terminal->send("0084000008").status == sw::ok);
    CHECK(fresh.terminal->send("0082000004 01020304").status == sw::conditions);
}

TEST_CASE("clock: accurate certificates move it, foreign ones do not") {
    World w;
    CHECK(w.card->trust_points().today() == 20260101);
    SUBCASE("domestic") {
        w.pki.dv_request.effective = 20260301;
        w.pki.terminal_request.effective = 20260401;
        REQUIRE(w.pace() == sw::ok);
        REQUIRE(w.terminal_authentication() == sw::ok);
        CHECK(w.card->trust_points().today() == 20260401);
    }
    SUBCASE("foreign") {
        w.pki.dv_request.role = Role::dv_foreign;
        w.pki.dv_request.effective = 20260301;
        w.pki.terminal_request.effective = 20260401;
        REQUIRE(w.pace() == sw::ok);
        REQUIRE(w.terminal_authentication() == sw::ok);
        CHECK(w.card->trust_points().today() == 20260101);
    }
    SUBCASE("never back") {
        w.card->trust_points().advance(20270101);
        w.card->trust_points().advance(20250101);
        CHECK(w.card->trust_points().today() == 20270101);
    }
}

TEST_CASE("link certificate: a new authority, and the card names both") {
    World w;
    const KeyPair second = generate_key(w.pki.curve);
    CertificateRequest link = w.pki.cvca_request;
    link.holder = "DETESTCVCA00002";
    link.effective = 20260601;
    link.expiration = 20381231;
    const Bytes certificate = make_certificate(link, second.point, w.pki.cvca_key.scalar);
    w.pki.dv_request.authority = link.holder;
    w.pki.dv_request.effective = 20260601;
    const Bytes dv = make_certificate(w.pki.dv_request, w.pki.dv_key.point, second.scalar);
    REQUIRE(w.pace() == sw::ok);
    CHECK(w.terminal->terminal_authentication(
              {{certificate, dv, w.pki.terminal()}, w.pki.terminal_key, {}}) == sw::ok);
    w.card->power_up();
    REQUIRE(TerminalProbe(*w.card).pace({.rights = all_rights}) == sw::ok);
    TerminalProbe again(*w.card);
    w.card->power_up();
    REQUIRE(again.pace({.rights = all_rights}) == sw::ok);
    CHECK(again.authorities() == std::vector<std::string>{"DETESTCVCA00002", "DETESTCVCA00001"});
    SUBCASE("the old authority is forgotten once it has expired") {
        w.card->trust_points().advance(20370101);
        CHECK(w.card->trust_points().all().size() == 1);
    }
    SUBCASE("an expired link certificate still leads on") {
        World late;
        late.card->trust_points().advance(20361231);
        link.expiration = 20260701;
        const Bytes old = make_certificate(link, second.point, late.pki.cvca_key.scalar);
        REQUIRE(late.pace() == sw::ok);
        CHECK(late.terminal->present(old) == sw::ok);
    }
}

TEST_CASE("on-site reading: CAN needs the CAN-allowed right in template and certificate") {
    const Rights wanted = only({right::can_allowed, right::read(4)});
    SUBCASE("both") {
        World w("minor_deactivated");
        CHECK(w.terminal->authenticate(
                  w.pki, {.password = PasswordId::can, .secret = "500540", .rights = wanted}) ==
              sw::ok);
        CHECK(w.read_status(4) == sw::ok);
    }
    SUBCASE("not in the template") {
        World w;
        CHECK(w.terminal->pace({.password = PasswordId::can,
                                .secret = "500540",
                                .rights = only({right::read(4)})}) == sw::conditions);
    }
    SUBCASE("not in the certificate") {
        World w;
        w.pki.terminal_request.rights = only({right::read(4)});
        CHECK(w.terminal->authenticate(
                  w.pki, {.password = PasswordId::can, .secret = "500540", .rights = wanted}) ==
              sw::conditions);
    }
    SUBCASE("the PUK never opens data") {
        World w;
        CHECK(w.terminal->pace(
                  {.password = PasswordId::puk, .secret = "9876543210", .rights = all_rights}) ==
              sw::conditions);
    }
}

TEST_CASE("trust points: what is no authority is not taken") {
    TestPki pki;
    TrustPoints points;
    CHECK_FALSE(points.add_file(pki.dv()));
    CHECK_FALSE(points.add_file(pki.terminal()));
    Bytes broken = pki.cvca();
    broken.back() ^= 1U;
    CHECK_FALSE(points.add_file(broken));
    broken.pop_back();
    CHECK_FALSE(points.add_file(broken));
    CHECK(points.add_file(pki.cvca()));
    CHECK(points.add_file(pki.cvca()));
    CHECK(points.all().size() == 1);
}

TEST_CASE("certificates: broken ones are refused at every byte without a crash") {
    TestPki pki;
    const Bytes good = pki.terminal();
    for (std::size_t length = 0; length < good.size(); ++length) {
        CHECK_FALSE(parse_certificate(View(good).first(length)));
    }
    for (std::size_t i = 0; i < good.size(); ++i) {
        Bytes changed = good;
        changed[i] ^= 0x80U;
        const auto parsed = parse_certificate(changed);
        if (!parsed) continue;
        // Keys, rights and hashes may have any value and still parse; the signature tells.
        CHECK_FALSE(
            pki.curve.verify(parsed->key.hash, parsed->body, pki.dv_key.point, parsed->signature));
    }
}

}  // namespace

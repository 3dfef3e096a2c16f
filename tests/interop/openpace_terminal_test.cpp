// SPDX-License-Identifier: EUPL-1.2
// OpenPACE as terminal against the virtual card: PACE with PIN and CAN, terminal authentication,
// chip authentication, and the identifiers that OpenPACE computes as a chip with the same key.
#include "tests/interop/openpace_terminal.hpp"

#include <doctest/doctest.h>

#include "tests/card/checks/world.hpp"

namespace {

using namespace card;
using openpace::buffer;
using openpace::require;
using openpace::take;

TEST_CASE("openpace as terminal: the whole procedure with the PIN") {
    World w;
    for (int attempt = 0; attempt < 10; ++attempt) {
        w.card->power_up();
        openpace::Terminal terminal(*w.card, w.pki);
        REQUIRE(terminal.pace("123456", PACE_PIN, all_rights) == sw::ok);
        const StatusWord status = terminal.authenticate_terminal();
        if (terminal.stripped()) continue;
        REQUIRE(status == sw::ok);
        REQUIRE(terminal.authenticate_chip() == sw::ok);
        CHECK(to_hex(terminal.read(4)) == "64070C054C45594C41");

        // OpenPACE as chip with the card's own key must name the same pseudonym.
        const CardKeys keys = make_card_keys("leyla", 0, ChipKey::genuine);
        const Bytes got =
            terminal.identifier(pseudonym_key_id, sector_key_content(w.pki.first_sector.point));
        openpace::Context chip(EAC_CTX_new());
        require(EAC_CTX_init_ri(chip.get(), NID_id_RI_ECDH_SHA_256, 13) == 1, "RI");
        const Bytes key = openpace::encode_private_key(keys.pseudonym.scalar, keys.pseudonym.point);
        const unsigned char* at = key.data();
        EVP_PKEY* loaded = d2i_AutoPrivateKey(nullptr, &at, static_cast<long>(key.size()));
        require(loaded != nullptr, "the card's key");
        EVP_PKEY_free(chip->ri_ctx->static_key);
        chip->ri_ctx->static_key = loaded;
        const Bytes expected =
            take(RI_STEP2_compute_identifier(chip.get(), buffer(w.pki.first_sector.point).get()),
                 "an identifier");
        CHECK(got == expected);
        return;
    }
    FAIL("ten keys in a row began with a zero byte");
}

TEST_CASE("openpace as terminal: CAN for on-site reading, wrong secrets, suspended PIN") {
    World w;
    SUBCASE("CAN reads with the CAN-allowed right") {
        for (int attempt = 0; attempt < 10; ++attempt) {
            w.card->power_up();
            openpace::Terminal terminal(*w.card, w.pki);
            REQUIRE(terminal.pace("500540", PACE_CAN, all_rights) == sw::ok);
            const StatusWord status = terminal.authenticate_terminal();
            if (terminal.stripped()) continue;
            REQUIRE(status == sw::ok);
            REQUIRE(terminal.authenticate_chip() == sw::ok);
            CHECK(terminal.read(5).size() > 4);
            break;
        }
    }
    SUBCASE("wrong ones") {
        CHECK(openpace::Terminal(*w.card, w.pki).pace("500541", PACE_CAN, std::nullopt) ==
              sw::failed);
        CHECK(openpace::Terminal(*w.card, w.pki).pace("000000", PACE_PIN, std::nullopt) == 0x63C2);
        CHECK(openpace::Terminal(*w.card, w.pki).pace("000000", PACE_PIN, std::nullopt) == 0x63C1);
        CHECK(openpace::Terminal(*w.card, w.pki).pace("123456", PACE_PIN, std::nullopt) ==
              sw::conditions);
        CHECK(openpace::Terminal(*w.card, w.pki).pace("9876543210", PACE_PUK, std::nullopt) ==
              sw::ok);
    }
    SUBCASE("PIN inside the CAN's channel") {
        w.card->passwords().pin_tries = 1;
        openpace::Terminal terminal(*w.card, w.pki);
        REQUIRE(terminal.pace("500540", PACE_CAN, std::nullopt) == sw::ok);
        CHECK(terminal.pace("123456", PACE_PIN, std::nullopt) == sw::ok);
        CHECK(w.card->passwords().pin_tries == 3);
    }
}

}  // namespace

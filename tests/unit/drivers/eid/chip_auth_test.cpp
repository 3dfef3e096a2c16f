// SPDX-License-Identifier: EUPL-1.2
// Chip authentication version 2 against one complete run with known keys
// (tests/vectors/chip_authentication_v2.txt).
#include "drivers/eid/chip_auth.hpp"

#include "drivers/apdu/oid.hpp"
#include "drivers/crypto/random.hpp"
#include "tests/fakes/card_script.hpp"
#include "tests/fakes/vector_file.hpp"

#include <doctest/doctest.h>

namespace {

eid::ChipAuthInfo ca_info(std::optional<unsigned> key_id) {
    base::Bytes protocol(apdu::oid::ca_ecdh.begin(), apdu::oid::ca_ecdh.end());
    protocol.push_back(2);
    return {protocol, eid::Cipher::aes128, key_id};
}

crypto::Point point(const base::Bytes& bytes) {
    auto parsed = crypto::parse_point(crypto::Curve::brainpool_p256r1, bytes);
    REQUIRE(parsed.has_value());
    return std::move(*parsed);
}

}  // namespace

TEST_CASE("chip auth: session keys and token of the known run come out") {
    const fakes::VectorFile vector("chip_authentication_v2.txt");
    crypto::SystemRandom random;
    const auto chip = crypto::key_from_scalar(crypto::Curve::brainpool_p256r1,
                                              vector.bytes("picc_static_private"));
    REQUIRE(chip.has_value());
    CHECK(chip->point.bytes == vector.bytes("picc_static_public"));
    const crypto::Point terminal = point(vector.bytes("pcd_ephemeral_public"));
    CHECK(base::equal(terminal.x(), vector.bytes("pcd_ephemeral_compressed")));
    const auto shared = crypto::shared_x(*chip, terminal, random);
    REQUIRE(shared.has_value());
    const auto keys = eid::confirm_chip(ca_info(2), terminal, *shared, vector.bytes("r_picc_nonce"),
                                        vector.bytes("t_picc_token"));
    REQUIRE(keys.has_value());
    CHECK(base::equal(keys->encryption.expose(), vector.bytes("k_enc")));
    CHECK(base::equal(keys->mac.expose(), vector.bytes("k_mac")));
    base::Bytes wrong = vector.bytes("t_picc_token");
    wrong[7] ^= 1U;
    CHECK(eid::confirm_chip(ca_info(2), terminal, *shared, vector.bytes("r_picc_nonce"), wrong)
              .error()
              .code == base::Errc::chip_auth_failed);
}

TEST_CASE("chip auth: the key id is sent exactly when the card names one") {
    const fakes::VectorFile vector("chip_authentication_v2.txt");
    crypto::SystemRandom random;
    const auto ephemeral = crypto::generate_key(crypto::Curve::brainpool_p256r1, random);
    for (const bool named : {true, false}) {
        fakes::CardScript card;
        card.expect(vector.text(named ? "mse_set_at_with_key_id" : "mse_set_at_without_key_id"),
                    "6A88");
        eid::Channel channel(card);
        const eid::ChipAuthChoice choice{ca_info(named ? std::optional(2U) : std::nullopt),
                                         point(vector.bytes("picc_static_public"))};
        const auto done = eid::run_chip_auth(channel, choice, ephemeral, random);
        REQUIRE_FALSE(done.has_value());
        CHECK(done.error().code == base::Errc::chip_auth_failed);
        CHECK(done.error().detail == 0x6A88);
    }
}

TEST_CASE("chip auth: answers that are cut, refused or wrong never secure the channel") {
    const fakes::VectorFile vector("chip_authentication_v2.txt");
    crypto::SystemRandom random;
    const auto ephemeral = crypto::generate_key(crypto::Curve::brainpool_p256r1, random);
    for (const char* answer : {"6300", "9000", "7C009000", "7C0A8108CCBA548DB592FFCB9000",
                               "7C138107CCBA548DB592FF82088465BE397E18BFBB9000",
                               "7C148108CCBA548DB592FFCB82088465BE397E18BFBB9000"}) {
        CAPTURE(answer);
        fakes::CardScript card;
        card.expect(vector.text("mse_set_at_with_key_id"), "9000").expect("*", answer);
        eid::Channel channel(card);
        const eid::ChipAuthChoice choice{ca_info(2), point(vector.bytes("picc_static_public"))};
        const auto done = eid::run_chip_auth(channel, choice, ephemeral, random);
        REQUIRE_FALSE(done.has_value());
        CHECK(done.error().code == base::Errc::chip_auth_failed);
        CHECK_FALSE(channel.secured());
        CHECK(card.last_command().starts_with("00860000457c438041"));
    }
}

// SPDX-License-Identifier: EUPL-1.2
// PACE against the worked example of ICAO Doc 9303 part 11, appendix G.1: every byte of the
// exchange, then one command under the new keys.
#include "drivers/eid/pace.hpp"

#include "drivers/apdu/oid.hpp"
#include "drivers/crypto/random.hpp"
#include "drivers/eid/card_files.hpp"
#include "tests/fakes/card_script.hpp"
#include "tests/fakes/vector_file.hpp"

#include <doctest/doctest.h>

#include "drivers/base/encoding.hpp"

namespace {

class KnownKeys final : public eid::PaceKeySource {
  public:
    explicit KnownKeys(const fakes::VectorFile& vector) : vector_(vector) {}
    crypto::KeyPair mapping_key(crypto::Curve curve) override {
        auto key = crypto::key_from_scalar(curve, vector_.bytes("sk_map_ifd"));
        REQUIRE(key.has_value());
        CHECK(key->point.bytes == vector_.bytes("pk_map_ifd"));
        return std::move(*key);
    }
    base::Result<crypto::KeyPair> agreement_key(const crypto::Point& generator) override {
        CHECK(generator.bytes == vector_.bytes("g_mapped"));
        return crypto::key_on(generator, vector_.bytes("sk_dh_ifd"), random_);
    }

  private:
    const fakes::VectorFile& vector_;
    crypto::SystemRandom random_;
};

eid::PaceInfo g1_info() {
    base::Bytes protocol(apdu::oid::pace_ecdh_gm.begin(), apdu::oid::pace_ecdh_gm.end());
    protocol.push_back(2);
    return {protocol, eid::Cipher::aes128, 13, crypto::Curve::brainpool_p256r1};
}

struct G1 {
    fakes::VectorFile vector{"pace_icao_9303_11_g1.txt"};
    fakes::CardScript card;
    eid::Channel channel{card};
    crypto::SystemRandom random;
    KnownKeys keys{vector};
    eid::MrzKey password{base::ByteView(vector.bytes("k"))};

    std::string point_command(const char* prefix, const char* point) {
        return vector.text(prefix) + vector.text(point) + "00";
    }
    void expect_until_token() {
        card.expect(vector.text("apdu_2_command"),
                    "7C128010" + vector.text("nonce_encrypted_z") + "9000");
        card.expect(point_command("apdu_3_prefix", "pk_map_ifd"),
                    "7C438241" + vector.text("pk_map_ic") + "9000");
        card.expect(point_command("apdu_4_prefix", "pk_dh_ifd"),
                    "7C438441" + vector.text("pk_dh_ic") + "9000");
    }
    auto run() {
        return eid::run_pace(channel, g1_info(), eid::PacePassword::of_mrz(password), keys, random);
    }
};

}  // namespace

TEST_CASE("pace: the example of ICAO 9303-11 G.1 runs byte for byte") {
    G1 g1;
    g1.card.expect(g1.vector.text("apdu_1_command"), "9000");
    g1.expect_until_token();
    g1.card.expect(g1.vector.text("apdu_5_prefix") + g1.vector.text("t_ifd") + "00",
                   "7C0A8608" + g1.vector.text("t_ic") + "9000");
    g1.card.expect(g1.vector.text("sm_command"), g1.vector.text("sm_answer"));

    const auto selected =
        eid::select_pace(g1.channel, g1_info(), {eid::PasswordId::mrz, {}, false});
    REQUIRE(selected.has_value());
    const auto outcome = g1.run();
    REQUIRE(outcome.has_value());
    const base::Bytes card_point = g1.vector.bytes("pk_dh_ic");
    CHECK(base::equal(outcome->chip_id, base::ByteView(card_point).subspan(1, 32)));
    CHECK(outcome->authority_references.empty());
    CHECK(g1.channel.secured());

    const auto answer = g1.channel.send({0x00, 0xA4, 0x04, 0x0C, fakes::hex("A0000002471001"), {}});
    REQUIRE(answer.has_value());
    CHECK(answer->ok());
    CHECK(answer->data.empty());
    CHECK(g1.channel.apdu_count() == 6);
}

TEST_CASE("pace: a wrong token of the card leaves the channel unsecured") {
    G1 g1;
    g1.expect_until_token();
    g1.card.expect("*", "7C0A86083ABB9674BCE93C099000");
    const auto outcome = g1.run();
    REQUIRE_FALSE(outcome.has_value());
    CHECK(outcome.error().code == base::Errc::pace_failed);
    CHECK_FALSE(g1.channel.secured());
}

TEST_CASE("pace: the terminal's own point coming back is refused") {
    G1 g1;
    g1.card.expect(g1.vector.text("apdu_2_command"),
                   "7C128010" + g1.vector.text("nonce_encrypted_z") + "9000");
    g1.card.expect(g1.point_command("apdu_3_prefix", "pk_map_ifd"),
                   "7C438241" + g1.vector.text("pk_map_ifd") + "9000");
    const auto outcome = g1.run();
    REQUIRE_FALSE(outcome.has_value());
    CHECK(outcome.error().code == base::Errc::pace_failed);
}

TEST_CASE("pace: malformed nonces and points are refused, never computed with") {
    for (const char* answer : {"7C009000", "9000", "7C0280009000", "7C0380010A9000",
                               "7C12801095A3A016522EE98D01E76CB6B98B429000",
                               "7C12811095A3A016522EE98D01E76CB6B98B42C39000"}) {
        CAPTURE(answer);
        G1 g1;
        g1.card.expect("*", answer);
        CHECK_FALSE(g1.run().has_value());
    }
    G1 g1;
    g1.card.expect("*", "7C128010" + g1.vector.text("nonce_encrypted_z") + "9000");
    std::string off_curve = g1.vector.text("pk_map_ic");
    off_curve.back() = off_curve.back() == '0' ? '1' : '0';
    g1.card.expect("*", "7C438241" + off_curve + "9000");
    CHECK(g1.run().error().code == base::Errc::pace_failed);
}

TEST_CASE("pace: status words of the last step become the error of the password used") {
    struct Row {
        const char* status;
        base::Errc pin;
        base::Errc can;
        base::Errc puk;
    };
    using base::Errc;
    const Row rows[] = {
        {"63C2", Errc::pin_wrong, Errc::can_wrong, Errc::puk_wrong},
        {"63C1", Errc::pin_wrong, Errc::can_wrong, Errc::puk_wrong},
        {"63C0", Errc::pin_wrong, Errc::can_wrong, Errc::puk_inoperative},
        {"6300", Errc::pin_wrong, Errc::can_wrong, Errc::puk_wrong},
        {"6982", Errc::pace_failed, Errc::right_missing, Errc::puk_inoperative},
        {"6983", Errc::pin_blocked, Errc::pace_failed, Errc::puk_inoperative},
        {"6984", Errc::pin_deactivated, Errc::pace_failed, Errc::pace_failed},
        {"6985", Errc::pin_suspended, Errc::right_missing, Errc::puk_inoperative},
        {"6900", Errc::pace_failed, Errc::pace_failed, Errc::puk_inoperative},
        {"6F00", Errc::pace_failed, Errc::pace_failed, Errc::pace_failed},
    };
    const eid::Pin pin{base::as_bytes("123456")};
    const eid::Can can{base::as_bytes("500540")};
    const eid::Puk puk{base::as_bytes("9876543210")};
    for (const Row& row : rows) {
        CAPTURE(row.status);
        const auto code_of = [&](const eid::PacePassword& password) {
            fakes::CardScript card;
            card.expect("*", row.status);
            eid::Channel channel(card);
            crypto::SystemRandom random;
            eid::RandomPaceKeys keys(random);
            const auto outcome = eid::run_pace(channel, g1_info(), password, keys, random);
            REQUIRE_FALSE(outcome.has_value());
            CHECK(base::to_hex(base::Bytes{static_cast<std::uint8_t>(outcome.error().detail >> 8U),
                                           static_cast<std::uint8_t>(outcome.error().detail)}) ==
                  base::to_hex(fakes::hex(row.status)));
            return outcome.error().code;
        };
        CHECK(code_of(eid::PacePassword::of_pin(pin)) == row.pin);
        CHECK(code_of(eid::PacePassword::of_can_to_resume(can)) == row.can);
        CHECK(code_of(eid::PacePassword::of_puk(puk)) == row.puk);
    }
}

TEST_CASE("pace: the state of the PIN is read from the answer to MSE:Set AT") {
    struct Row {
        const char* status;
        eid::PinState state;
    };
    const Row rows[] = {{"9000", eid::PinState::three_tries}, {"63C3", eid::PinState::three_tries},
                        {"63C2", eid::PinState::two_tries},   {"63C1", eid::PinState::suspended},
                        {"63C0", eid::PinState::blocked},     {"6283", eid::PinState::deactivated}};
    for (const Row& row : rows) {
        fakes::CardScript card;
        card.expect("0022C1A40F800A04007F00070202040202830103", row.status);
        eid::Channel channel(card);
        const auto state = eid::select_pace(channel, g1_info(), {eid::PasswordId::pin, {}, false});
        REQUIRE(state.has_value());
        CHECK(*state == row.state);
    }
    fakes::CardScript card;
    card.expect("0022C1A412800A04007F0007020204020283010384010D", "6A88");
    eid::Channel channel(card);
    const auto state = eid::select_pace(channel, g1_info(), {eid::PasswordId::pin, {}, true});
    CHECK(state.error().code == base::Errc::protocol_unsupported);
}

// SPDX-License-Identifier: EUPL-1.2
// The card against numbers that others computed: ICAO 9303-11 G.1 (PACE, secure messaging), a Chip
// Authentication run, and real certificates of the German PKI.
#include <doctest/doctest.h>

#include "tests/card/checks/vector_file.hpp"
#include "tests/card/chip_auth.hpp"
#include "tests/card/oid.hpp"
#include "tests/card/pace.hpp"
#include "tests/card/secure_messaging.hpp"
#include "tests/card/trust_points.hpp"

namespace {

using namespace card;

// Gives the scripted values in order instead of random ones.
class Script : public RandomSource {
  public:
    explicit Script(std::vector<Bytes> values) : values_(std::move(values)) {}
    Bytes bytes(std::size_t count) override {
        Bytes value = next();
        CHECK(value.size() == count);
        return value;
    }
    Bytes scalar(const Curve&) override { return next(); }

  private:
    Bytes next() {
        REQUIRE(at_ < values_.size());
        return values_[at_++];
    }
    std::vector<Bytes> values_;
    std::size_t at_ = 0;
};

Command authenticate(std::uint8_t cla, Bytes data) {
    Command command;
    command.cla = cla;
    command.ins = 0x86;
    command.data = std::move(data);
    command.expected = 256;
    return command;
}

Bytes value_in(const Answer& answer, std::uint32_t tag) {
    const auto outer = parse_single(answer.data, 0x7C);
    REQUIRE(outer);
    const auto object = parse_single(outer->value, tag);
    REQUIRE(object);
    return to_bytes(object->value);
}

TEST_CASE("pace: the worked example of ICAO 9303-11 G.1, every value the card gives") {
    auto v = read_vectors("pace_icao_9303_11_g1.txt");
    REQUIRE(v.size() > 20);
    Passwords passwords{.pin = "123456", .can = to_text(v["k"]), .puk = "0123456789"};
    TrustPoints trust_points;
    Script random({v["nonce_s"], v["sk_map_ic"], v["sk_dh_ic"]});
    Pace pace(passwords, trust_points, random);
    CHECK(derive_key(v["k"], {}, KeyUse::pace_nonce) == v["k_pi"]);
    REQUIRE(pace.set_at(join({tlv(0x80, oid::pace_ecdh_gm_aes_128), tlv(0x83, Bytes{2})})) ==
            sw::ok);
    const SecurityStatus outside;
    const auto step = [&](std::uint8_t cla, Bytes content) {
        return pace.general_authenticate(authenticate(cla, tlv(0x7C, content)), outside);
    };
    CHECK(value_in(step(0x10, {}), 0x80) == v["nonce_encrypted_z"]);
    CHECK(value_in(step(0x10, tlv(0x81, v["pk_map_ifd"])), 0x82) == v["pk_map_ic"]);
    CHECK(value_in(step(0x10, tlv(0x83, v["pk_dh_ifd"])), 0x84) == v["pk_dh_ic"]);
    CHECK(value_in(step(0x00, tlv(0x85, v["t_ifd"])), 0x86) == v["t_ic"]);
    const auto success = pace.take_success();
    REQUIRE(success);
    CHECK(success->keys.enc == v["ks_enc"]);
    CHECK(success->keys.mac == v["ks_mac"]);
}

TEST_CASE("secure messaging: the SELECT of ICAO 9303-11 G.1 opens and its answer closes") {
    auto v = read_vectors("pace_icao_9303_11_g1.txt");
    SecureMessaging channel({v["ks_enc"], v["ks_mac"]});
    const auto command = parse_command(v["sm_command"]);
    REQUIRE(command);
    const auto opened = channel.open(*command);
    REQUIRE(std::holds_alternative<Command>(opened));
    CHECK(to_hex(std::get<Command>(opened).data) == "A0000002471001");
    CHECK(channel.close(Answer(sw::ok)) == v["sm_answer"]);
}

TEST_CASE("chip authentication: nonce, token and keys of a run with known keys") {
    auto v = read_vectors("chip_authentication_v2.txt");
    REQUIRE(v.size() > 8);
    Script random({v["r_picc_nonce"]});
    ChipAuthentication chip({2, v["picc_static_private"]}, random);
    CHECK(key_from_scalar(Curve::brainpool_256(), v["picc_static_private"]).point ==
          v["picc_static_public"]);
    const auto with_id = parse_command(v["mse_set_at_with_key_id"]);
    const auto without_id = parse_command(v["mse_set_at_without_key_id"]);
    REQUIRE(with_id);
    REQUIRE(without_id);
    CHECK(chip.set_at(without_id->data) == sw::security_status);
    REQUIRE(chip.set_at(with_id->data) == sw::ok);
    SecurityStatus status;
    status.terminal = TerminalResult{};
    status.terminal->compressed_key = v["pcd_ephemeral_compressed"];
    const Answer answer =
        chip.general_authenticate(tlv(0x7C, tlv(0x80, v["pcd_ephemeral_public"])), status);
    REQUIRE(answer.status == sw::ok);
    CHECK(answer.data == tlv(0x7C, {tlv(0x81, v["r_picc_nonce"]), tlv(0x82, v["t_picc_token"])}));
    const auto keys = chip.take_keys();
    REQUIRE(keys);
    CHECK(keys->mac == v["k_mac"]);
    CHECK(keys->enc == v["k_enc"]);
}

TEST_CASE("certificates: real link certificates of the German PKI verify and chain") {
    TrustPoints trust_points;
    for (const char* root :
         {"cvca-DECVCAeID00102.hex", "cvca-DECVCAeID00103.hex", "cvca-DETESTeID00001.hex",
          "cvca-DETESTeID00002.hex", "cvca-DETESTeID00004.hex"}) {
        const std::string name = root;
        CAPTURE(name);
        TrustPoints alone;
        CHECK(alone.add_file(read_hex_vector(root)));
    }
    struct Link {
        const char* from;
        const char* link;
        const char* holder;
    };
    for (const Link& row : {Link{"cvca-DECVCAeID00102.hex",
                                 "cvca-DECVCAeID00102_DECVCAeID00103.hex", "DECVCAeID00103"},
                            Link{"cvca-DETESTeID00001.hex",
                                 "cvca-DETESTeID00002_DETESTeID00001.hex", "DETESTeID00002"},
                            Link{"cvca-DETESTeID00002.hex",
                                 "cvca-DETESTeID00004_DETESTeID00002.hex", "DETESTeID00004"}}) {
        const std::string name = row.link;
        CAPTURE(name);
        const auto issuer = parse_certificate(read_hex_vector(row.from));
        const auto link = parse_certificate(read_hex_vector(row.link));
        REQUIRE(issuer);
        REQUIRE(link);
        CHECK(link->holder == row.holder);
        CHECK(link->authority == issuer->holder);
        const auto curve = Curve::from_parameters(*issuer->key.parameters);
        REQUIRE(curve);
        CHECK(curve->verify(issuer->key.hash, link->body, issuer->key.point, link->signature));
        Bytes changed = link->body;
        changed.back() ^= 1U;
        CHECK_FALSE(curve->verify(issuer->key.hash, changed, issuer->key.point, link->signature));
    }
}

TEST_CASE("certificates: a real terminal certificate is read with its sector") {
    const auto terminal = parse_certificate(read_hex_vector("cvat-DEDEMODEV00038.hex"));
    REQUIRE(terminal);
    CHECK(terminal->holder == "DEDEMODEV00038");
    CHECK(terminal->chat.role == Role::terminal);
    CHECK(terminal->first_sector_hash.size() == 32);
    CHECK_FALSE(terminal->key.parameters);
    CHECK(terminal->effective < terminal->expiration);
}

}  // namespace

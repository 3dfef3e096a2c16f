// SPDX-License-Identifier: EUPL-1.2
// Secure messaging and the channel: padding, structure of protected commands, long commands through
// short readers.
#include "drivers/eid/channel.hpp"

#include "tests/fakes/card_script.hpp"
#include "tests/fakes/vector_file.hpp"

#include <doctest/doctest.h>

#include "drivers/base/encoding.hpp"

using base::Errc;
using fakes::hex;

namespace {

eid::SessionKeys known_keys() {
    return {eid::SymmetricKey{base::ByteView(hex("F5F0E35C0D7161EE6724EE513A0D9A7F"))},
            eid::SymmetricKey{base::ByteView(hex("FE251C7858B356B24514B3BD5F4297D1"))}};
}

}  // namespace

TEST_CASE("padding: always at least one byte, up to whole blocks, and back") {
    for (const std::size_t size : {0U, 1U, 15U, 16U, 17U, 31U, 32U}) {
        const base::Bytes data(size, 0x80);
        const base::Bytes padded = eid::pad_block(data);
        CHECK(padded.size() == (size / 16 + 1) * 16);
        CHECK(padded[size] == 0x80);
        CHECK(*eid::unpad_block(padded) == data);
    }
    CHECK_FALSE(eid::unpad_block({}).has_value());
    CHECK_FALSE(eid::unpad_block(base::Bytes(16, 0x00)).has_value());
    CHECK_FALSE(eid::unpad_block(hex("80000000000000000000000000000000"
                                     "00000000000000000000000000000000"))
                    .has_value());
    CHECK_FALSE(eid::unpad_block(hex("AA000000000000000000000000000000")).has_value());
}

TEST_CASE(
    "secure messaging: the command of ICAO 9303-11 G.1, and a case 1 command has a checksum only") {
    eid::SecureMessaging messaging(known_keys());
    const auto select = messaging.protect({0x00, 0xA4, 0x04, 0x0C, hex("A0000002471001"), {}});
    CHECK(base::to_hex(apdu::encode(select, apdu::Length::short_form)) ==
          "0ca4040c1d871101752f676b09fac86a87d632749a49c7cc8e08c18ba1fce707bd9f00");
    eid::SecureMessaging other(known_keys());
    const auto reset = other.protect({0x00, 0x2C, 0x03, 0x03, {}, {}});
    CHECK(reset.data.size() == 10);
    CHECK(reset.data[0] == 0x8E);
    const auto read = other.protect({0x00, 0xB0, 0x9D, 0x00, {}, 223});
    CHECK(base::to_hex(read.data).substr(0, 6) == "9701df");
    const auto most = other.protect({0x00, 0xB0, 0x9D, 0x00, {}, 256});
    CHECK(base::to_hex(most.data).substr(0, 6) == "970100");
    const auto large = other.protect({0x00, 0xB0, 0x9D, 0x00, {}, 2'000});
    CHECK(base::to_hex(large.data).substr(0, 8) == "970207d0");
    CHECK(large.le == apdu::extended_le_max);
}

TEST_CASE(
    "secure messaging: an answer without, with a wrong or with a moved checksum is refused for "
    "good") {
    const char* good = "990290008E08BEA7B381C494A079";
    for (const char* bad : {"", "99029000", "8E08BEA7B381C494A079", "990290008E08BEA7B381C494A078",
                            "990263008E08BEA7B381C494A079", "8E08BEA7B381C494A07999029000",
                            "990290008E08BEA7B381C494A07900", "99019000"}) {
        CAPTURE(bad);
        eid::SecureMessaging messaging(known_keys());
        (void)messaging.protect({0x00, 0xA4, 0x04, 0x0C, hex("A0000002471001"), {}});
        CHECK(messaging.open({hex(bad), 0x9000}).error().code == Errc::sm_mac_wrong);
        CHECK_FALSE(messaging.open({hex(good), 0x9000}).has_value());
    }
    eid::SecureMessaging outside(known_keys());
    (void)outside.protect({0x00, 0xA4, 0x04, 0x0C, hex("A0000002471001"), {}});
    CHECK_FALSE(outside.open({hex(good), 0x6300}).has_value());
}

TEST_CASE("channel: a long command goes extended, or by envelope through a short reader") {
    const base::Bytes data(300, 0xAB);
    const std::string inner =
        "00860000"
        "00012c" +
        base::to_hex(data);
    {
        fakes::CardScript card;
        card.expect(inner, "9000");
        eid::Channel channel(card);
        CHECK(channel.send({0x00, 0x86, 0x00, 0x00, data, {}})->ok());
    }
    fakes::CardScript card(fakes::CardScript::Extended::no);
    card.expect("10c20000ff" + inner.substr(0, 510), "9000")
        .expect("00c2000034" + inner.substr(510), "6100")
        .expect("00c0000000", "AABB6100")
        .expect("00c0000000", "CC9000");
    eid::Channel channel(card);
    const auto answer = channel.send({0x00, 0x86, 0x00, 0x00, data, {}});
    REQUIRE(answer.has_value());
    CHECK(answer->data == hex("AABBCC"));
    CHECK(answer->ok());
    CHECK(channel.apdu_count() == 4);

    fakes::CardScript refusing(fakes::CardScript::Extended::no);
    refusing.expect("*", "6D00");
    eid::Channel none(refusing);
    CHECK(none.send({0x00, 0x86, 0x00, 0x00, data, {}}).error().code ==
          Errc::reader_feature_missing);
}

TEST_CASE("channel: what a card keeps back is fetched, whatever lengths it names") {
    fakes::CardScript card;
    card.expect("00b09c0000", "AABB6102")
        .expect("00c0000002", "CCDD6100")
        .expect("00c0000000", "6C01")
        .expect("00c0000001", "EE9000")
        .expect("00b09c0000", "6C03")
        .expect("00b09c0003", "0102039000");
    eid::Channel channel(card);
    const apdu::Command read{0x00, 0xB0, 0x9C, 0x00, {}, 256};
    CHECK(channel.send(read)->data == hex("AABBCCDDEE"));
    CHECK(channel.send(read)->data == hex("010203"));
    CHECK(channel.apdu_count() == 6);
}

TEST_CASE("channel: a wrong length is corrected once, and never for a command that carries data") {
    fakes::CardScript card;
    card.expect("00b09c0000", "6C03").expect("00b09c0003", "6C04");
    eid::Channel channel(card);
    CHECK(channel.send({0x00, 0xB0, 0x9C, 0x00, {}, 256})->sw == 0x6C04);
    card.expect("00860000027c0000", "6C10");
    CHECK(channel.send({0x00, 0x86, 0x00, 0x00, hex("7C00"), 256})->sw == 0x6C10);

    fakes::CardScript endless;
    for (int i = 0; i < 301; ++i) endless.expect("*", "6101");
    eid::Channel other(endless);
    CHECK(other.send({0x00, 0xB0, 0x9C, 0x00, {}, 256}).error().code == Errc::card_answer_bad);
}

TEST_CASE("channel: errors of the reader come through, a stop comes before the next command") {
    fakes::CardScript card;
    card.expect_failure("00a40000", Errc::card_reset);
    std::stop_source stop;
    eid::Channel channel(card, stop.get_token());
    CHECK(channel.send({0x00, 0xA4, 0x00, 0x00, {}, {}}).error().code == Errc::card_reset);
    stop.request_stop();
    CHECK(channel.send({0x00, 0xA4, 0x00, 0x00, {}, {}}).error().code == Errc::cancelled);
}

// SPDX-License-Identifier: EUPL-1.2
// TLV, APDU and number coding of the card at their edges.
#include <doctest/doctest.h>

#include "tests/card/apdu.hpp"
#include "tests/card/rights.hpp"
#include "tests/card/tlv.hpp"

namespace {

using namespace card;

TEST_CASE("tlv: lengths at every encoding edge survive") {
    for (const std::size_t length : {0U, 1U, 0x7FU, 0x80U, 0xFFU, 0x100U, 0xFFFFU}) {
        CAPTURE(length);
        for (const std::uint32_t tag : {0x04U, 0x87U, 0x7F49U}) {
            const Bytes encoded = tlv(tag, Bytes(length, 0x5A));
            const auto object = parse_single(encoded, tag);
            REQUIRE(object);
            CHECK(object->value.size() == length);
        }
    }
}

TEST_CASE("tlv: lengths that are not the shortest, or run over, are refused") {
    for (const char* bad : {"04", "0401", "048100", "04817F", "04820080", "048200FF", "0480",
                            "0483010000", "7F", "7F80010000", "040200"}) {
        const std::string text = bad;
        CAPTURE(text);
        CHECK_FALSE(parse_tlv(*from_hex(bad)));
    }
    CHECK(parse_tlv(Bytes{})->empty());
    Bytes many;
    for (int i = 0; i < 65; ++i) many = join({many, tlv(0x04, {})});
    CHECK_FALSE(parse_tlv(many));
}

TEST_CASE("tlv: integers are the shortest positive form") {
    CHECK(to_hex(der_integer(0)) == "020100");
    CHECK(to_hex(der_integer(127)) == "02017F");
    CHECK(to_hex(der_integer(128)) == "02020080");
    CHECK(to_hex(der_integer(256)) == "02020100");
    CHECK(to_hex(der_integer(View(Bytes{0, 0, 0x80}))) == "02020080");
}

TEST_CASE("apdu: all seven cases") {
    const auto parse = [](const char* hex) { return parse_command(*from_hex(hex)); };
    CHECK(parse("00A40000")->expected == 0);
    CHECK(parse("00B0000000")->expected == 256);
    CHECK(parse("00B00000FF")->expected == 255);
    CHECK(to_hex(parse("00A4000C023F00")->data) == "3F00");
    CHECK(parse("00A4000C023F0000")->expected == 256);
    CHECK(parse("00B00000000000")->expected == 65536);
    CHECK(parse("00B00000000100")->expected == 256);
    CHECK(parse("00B00000000100")->extended);
    CHECK(to_hex(parse("00A4000C0000023F00")->data) == "3F00");
    CHECK(parse("00A4000C0000023F000010")->expected == 16);
    for (const char* bad : {"", "00", "00A400", "00A4000C033F00", "00A4000C013F00FF",
                            "00A4000C0000033F00", "00A4000C0000013F00"}) {
        const std::string text = bad;
        CAPTURE(text);
        CHECK_FALSE(parse(bad));
    }
}

TEST_CASE("rights: the template of the norm's five bytes") {
    const Chat chat{Role::dv_domestic, Rights{0x3FFFFFFFFFULL}};
    const Bytes encoded = encode_chat(chat);
    CHECK(to_hex(encoded) == "7F4C12060904007F0007030102025305BFFFFFFFFF");
    const auto back = parse_chat(parse_single(encoded, 0x7F4C)->value);
    REQUIRE(back);
    CHECK(back->role == Role::dv_domestic);
    CHECK(back->rights == chat.rights);
    CHECK_FALSE(parse_chat(*from_hex("060904007F0007030102015305BFFFFFFFFF")));
    CHECK_FALSE(parse_chat(*from_hex("060904007F0007030102025304BFFFFFFF")));
}

TEST_CASE("hex: odd counts and strangers are refused") {
    CHECK(from_hex("0aF F\n"));
    CHECK_FALSE(from_hex("0"));
    CHECK_FALSE(from_hex("0g"));
}

}  // namespace

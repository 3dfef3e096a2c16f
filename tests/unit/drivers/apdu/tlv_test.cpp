// SPDX-License-Identifier: EUPL-1.2
#include "drivers/apdu/tlv.hpp"

#include "drivers/apdu/oid.hpp"
#include "tests/fakes/vector_file.hpp"

#include <doctest/doctest.h>

#include "drivers/base/encoding.hpp"

using fakes::hex;

TEST_CASE("tlv: lengths are written in their shortest form at every edge") {
    struct Row {
        std::size_t size;
        const char* header;
    };
    const Row rows[] = {
        {0, "0400"},         {1, "0401"},          {0x7E, "047e"},         {0x7F, "047f"},
        {0x80, "048180"},    {0x81, "048181"},     {0xFF, "0481ff"},       {0x100, "04820100"},
        {0x101, "04820101"}, {0xFFFF, "0482ffff"}, {0x10000, "0483010000"}};
    for (const Row& row : rows) {
        CAPTURE(row.size);
        const base::Bytes value(row.size, 0xA5);
        const base::Bytes coded = apdu::tlv(0x04, base::ByteView(value));
        const std::string header(row.header);
        CHECK(base::to_hex(coded).substr(0, header.size()) == header);
        CHECK(coded.size() == header.size() / 2 + row.size);
        for (const auto rules : {apdu::Rules::ber, apdu::Rules::der}) {
            const auto back = apdu::only(coded, 0x04, rules);
            REQUIRE(back.has_value());
            CHECK(back->size() == row.size);
        }
        CHECK(*apdu::announced_bytes(base::ByteView(coded).first(header.size() / 2)) ==
              coded.size());
    }
}

TEST_CASE("tlv: tags of one to three bytes are read and written as they stand") {
    for (const apdu::Tag tag : {0x00U, 0x1EU, 0x42U, 0x7CU, 0xA0U, 0xFEU, 0x5F20U, 0x5F1FU, 0x7F49U,
                                0x7F7FU, 0x7F8149U, 0xBFFF7FU}) {
        CAPTURE(tag);
        const base::Bytes coded = apdu::tlv(tag, base::ByteView());
        apdu::TlvReader reader(coded);
        CHECK(reader.peek() == tag);
        const auto object = reader.next();
        REQUIRE(object.has_value());
        CHECK(object->tag == tag);
        CHECK(reader.at_end());
    }
}

TEST_CASE("tlv: malformed objects are refused") {
    for (const char* bytes : {"", "04", "0401", "0480", "048101", "0482", "048200", "0483000001",
                              "048400000001AA", "1F", "1F80", "1F8001AA", "1F1E00", "1F8080",
                              "1F81818100", "5F", "5F8000", "0404AABBCC"}) {
        CAPTURE(bytes);
        const base::Bytes coded = hex(bytes);
        apdu::TlvReader reader(coded);
        CHECK_FALSE(reader.peek().has_value());
        CHECK_FALSE(reader.take_if(0x04).has_value());
        const auto object = reader.next();
        REQUIRE_FALSE(object.has_value());
        CHECK(object.error().code == base::Errc::card_answer_bad);
    }
}

TEST_CASE("tlv: a length that is longer than needed is BER and not DER") {
    for (const char* bytes : {"048101AA", "04820001AA", "0483000001AA", "04817F"}) {
        base::Bytes coded = hex(bytes);
        if (coded.size() == 3) coded.resize(3 + 0x7F);
        CHECK(apdu::TlvReader(coded).next().has_value());
        CHECK_FALSE(apdu::TlvReader(coded, apdu::Rules::der).next().has_value());
    }
}

TEST_CASE("tlv: objects side by side are found, and a broken one before ends the search") {
    const base::Bytes coded = hex("8001AA8201BB8403CCDDEE");
    CHECK(base::to_hex(apdu::find(coded, 0x84)->value) == "ccddee");
    CHECK_FALSE(apdu::find(coded, 0x85).has_value());
    CHECK_FALSE(apdu::find(hex("80058201BB"), 0x82).has_value());
    CHECK_FALSE(apdu::only(coded, 0x80).has_value());
    apdu::TlvReader reader(coded);
    CHECK_FALSE(reader.expect(0x82).has_value());
    CHECK(reader.expect(0x80).has_value());
    CHECK_FALSE(reader.expect_end().has_value());
}

TEST_CASE("oid: text of identifiers, also of arcs that need several bytes") {
    CHECK(apdu::oid_text(apdu::oid::ecdsa_sha1) == "1.2.840.10045.4.1");
    CHECK(apdu::oid_text(apdu::oid::ta_ecdsa_sha256) == "0.4.0.127.0.7.2.2.2.2.3");
    CHECK(apdu::oid_text(hex("883703")) == "2.999.3");
    CHECK(apdu::oid_text(hex("0488")).empty());
    CHECK(apdu::oid_text({}).empty());
    CHECK(apdu::oid_starts_with(apdu::oid::ta_ecdsa_sha256, apdu::oid::ta_ecdsa));
    CHECK_FALSE(apdu::oid_starts_with(apdu::oid::ta, apdu::oid::ta_ecdsa));
}

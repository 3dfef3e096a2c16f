// SPDX-License-Identifier: EUPL-1.2
// UUID version 7 (RFC 9562 5.7): 48 bits of time, version and variant whatever the random bytes
// are, and one text for each.
#include "drivers/base/uuid.hpp"

#include <doctest/doctest.h>

#include <string>

TEST_CASE("uuid: time at its edges, in front and in order") {
    const std::array<std::uint8_t, 10> zeros{};
    CHECK(base::to_text(base::make_uuid7(0, zeros)) == "00000000-0000-7000-8000-000000000000");
    CHECK(base::to_text(base::make_uuid7(1, zeros)) == "00000000-0001-7000-8000-000000000000");
    CHECK(base::to_text(base::make_uuid7(0xFFFFFFFFFFFF, zeros)) ==
          "ffffffff-ffff-7000-8000-000000000000");
    // What does not fit into 48 bits is cut off above.
    CHECK(base::make_uuid7(0x1000000000000, zeros) == base::make_uuid7(0, zeros));
    CHECK(base::make_uuid7(0xFF, zeros) < base::make_uuid7(0x100, zeros));
}

TEST_CASE("uuid: version and variant stand, all other random bits are used") {
    std::array<std::uint8_t, 10> ones{};
    ones.fill(0xFF);
    CHECK(base::to_text(base::make_uuid7(0, ones)) == "00000000-0000-7fff-bfff-ffffffffffff");
    for (std::size_t bit = 0; bit < 80; ++bit) {
        std::array<std::uint8_t, 10> one{};
        one[bit / 8] = static_cast<std::uint8_t>(0x80U >> (bit % 8));
        const bool fixed = bit < 4 || bit == 16 || bit == 17;
        CAPTURE(bit);
        CHECK((base::make_uuid7(0, one) == base::make_uuid7(0, {})) == fixed);
    }
}

TEST_CASE("uuid: read back exactly, in either case, and nothing of another form") {
    const std::string text = "01234567-89ab-7cde-8f01-23456789abcd";
    const auto uuid = base::parse_uuid(text);
    REQUIRE(uuid.has_value());
    CHECK(base::to_text(*uuid) == text);
    CHECK(base::parse_uuid("01234567-89AB-7CDE-8F01-23456789ABCD") == uuid);
    // Every character has its kind at its place.
    for (std::size_t at = 0; at < text.size(); ++at) {
        std::string bad = text;
        bad[at] = text[at] == '-' ? '0' : '-';
        CAPTURE(bad);
        CHECK_FALSE(base::parse_uuid(bad).has_value());
        bad[at] = 'g';
        CHECK_FALSE(base::parse_uuid(bad).has_value());
    }
    CHECK_FALSE(base::parse_uuid(text.substr(1)).has_value());
    CHECK_FALSE(base::parse_uuid(text + "0").has_value());
    CHECK_FALSE(base::parse_uuid("{" + text + "}").has_value());
}

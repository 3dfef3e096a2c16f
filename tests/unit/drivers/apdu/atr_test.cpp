// SPDX-License-Identifier: EUPL-1.2
#include "drivers/apdu/atr.hpp"

#include "tests/fakes/vector_file.hpp"

#include <doctest/doctest.h>

using fakes::hex;

TEST_CASE("atr: the capabilities of a German identity card are found") {
    const auto capabilities = apdu::capabilities_of(hex("3B8A80018031F873F741E08290007500"));
    REQUIRE(capabilities.has_value());
    CHECK(capabilities->chaining);
    CHECK(capabilities->extended_length);
    CHECK(capabilities->sizes_in_info);
}

TEST_CASE("atr: without capabilities or with broken bytes nothing is said") {
    for (const char* atr : {"", "3B", "3B00", "3BFF", "3B8A8001", "3B8A80018031F873F7", "3B8080",
                            "3B8F8001804F0CA000000306030001000000006A", "3B0173"}) {
        CAPTURE(atr);
        CHECK_FALSE(apdu::capabilities_of(hex(atr)).has_value());
    }
    const auto plain = apdu::capabilities_of(hex("3B05807380018000"));
    REQUIRE(plain.has_value());
    CHECK_FALSE(plain->extended_length);
}

// SPDX-License-Identifier: EUPL-1.2
#include "drivers/apdu/tlv_bundle.hpp"

#include <doctest/doctest.h>

TEST_CASE("bundle: objects one behind the other, whole, and at most so many") {
    const base::Bytes two{0x30, 0x01, 0x05, 0x7F, 0x21, 0x00};
    const auto both = apdu::split_bundle(two, 2);
    REQUIRE(both.has_value());
    REQUIRE(both->size() == 2);
    CHECK(both->front().size() == 3);
    CHECK(both->back().size() == 3);
    CHECK_FALSE(apdu::split_bundle(two, 1).has_value());
    CHECK_FALSE(apdu::split_bundle({}, 1).has_value());
    for (std::size_t cut = 1; cut < two.size(); ++cut) {
        CHECK(apdu::split_bundle(base::ByteView(two).first(cut), 9).has_value() == (cut == 3));
    }
}

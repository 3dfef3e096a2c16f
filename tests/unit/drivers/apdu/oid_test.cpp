// SPDX-License-Identifier: EUPL-1.2
// Object identifiers as text at the edges of their coding (X.690 8.19), and prefixes.
#include "drivers/apdu/oid.hpp"

#include "tests/fakes/vector_file.hpp"

#include <doctest/doctest.h>

using fakes::hex;

TEST_CASE("oid: the first byte carries two arcs, the third root has no upper bound") {
    struct Row {
        const char* value;
        const char* text;
    };
    const Row rows[] = {{"00", "0.0"},
                        {"27", "0.39"},
                        {"28", "1.0"},
                        {"4F", "1.39"},
                        {"50", "2.0"},
                        {"7F", "2.47"},
                        {"8100", "2.48"},
                        {"883703", "2.999.3"},
                        {"047F", "0.4.127"},
                        {"048100", "0.4.128"},
                        {"04FF7F", "0.4.16383"},
                        {"04818000", "0.4.16384"},
                        {"048FFFFFFF7F", "0.4.4294967295"}};
    for (const Row& row : rows) {
        CAPTURE(row.text);
        CHECK(apdu::oid_text(hex(row.value)) == row.text);
    }
}

TEST_CASE("oid: without an end, or with an arc that no number holds, it has no text") {
    for (const char* bad :
         {"", "80", "FF", "0488", "04FF", "048080", "04FFFFFFFFFFFFFFFFFFFFFF7F"}) {
        CAPTURE(bad);
        CHECK(apdu::oid_text(hex(bad)).empty());
    }
}

TEST_CASE("oid: a prefix is the same, or shorter and in front") {
    CHECK(apdu::oid_starts_with(hex("0400"), {}));
    CHECK(apdu::oid_starts_with(hex("0400"), hex("04")));
    CHECK(apdu::oid_starts_with(hex("0400"), hex("0400")));
    CHECK_FALSE(apdu::oid_starts_with(hex("0400"), hex("040000")));
    CHECK_FALSE(apdu::oid_starts_with(hex("0400"), hex("00")));
    CHECK_FALSE(apdu::oid_starts_with({}, hex("04")));
}

TEST_CASE("oid: constants are those of the norms") {
    CHECK(apdu::oid_text(apdu::oid::pace_ecdh_gm) == "0.4.0.127.0.7.2.2.4.2");
    CHECK(apdu::oid_text(apdu::oid::ca_ecdh) == "0.4.0.127.0.7.2.2.3.2");
    CHECK(apdu::oid_text(apdu::oid::ri_ecdh) == "0.4.0.127.0.7.2.2.5.2");
    CHECK(apdu::oid_text(apdu::oid::auth_terminal) == "0.4.0.127.0.7.3.1.2.2");
    CHECK(apdu::oid_text(apdu::oid::security_object) == "0.4.0.127.0.7.3.2.1");
    CHECK(apdu::oid_text(apdu::oid::signed_data) == "1.2.840.113549.1.7.2");
    CHECK(apdu::oid_text(apdu::oid::sha256) == "2.16.840.1.101.3.4.2.1");
    CHECK(apdu::oid_text(apdu::oid::curve_p256) == "1.2.840.10045.3.1.7");
    CHECK(apdu::oid_text(apdu::oid::curve_brainpool_p256r1) == "1.3.36.3.3.2.8.1.1.7");
    CHECK(apdu::oid_text(apdu::oid::curve_p521) == "1.3.132.0.35");
}

// SPDX-License-Identifier: EUPL-1.2
// What tokens say about EC keys: both codings of a point, every curve, and nothing else.
#include "drivers/keys/ec_attribute.hpp"

#include <doctest/doctest.h>

#include "drivers/base/encoding.hpp"
#include "tests/unit/drivers/pki/seeded_random.hpp"

using base::Errc;
using crypto::Curve;

namespace {

constexpr Curve curves[] = {Curve::p256,
                            Curve::p384,
                            Curve::p521,
                            Curve::brainpool_p256r1,
                            Curve::brainpool_p384r1,
                            Curve::brainpool_p512r1};

base::Bytes as_octets(base::ByteView point) {
    base::Bytes out{0x04};
    if (point.size() > 0x7F) out.push_back(0x81);
    out.push_back(static_cast<std::uint8_t>(point.size()));
    base::append(out, point);
    return out;
}

}  // namespace

TEST_CASE("ec attribute: each curve has its object identifier, and no other bytes name it") {
    for (const Curve curve : curves) {
        const base::ByteView der = keys::ec_params(curve);
        REQUIRE(der.size() == 2U + der[1]);
        CHECK(keys::curve_of_ec_params(der) == curve);
        CHECK_FALSE(keys::curve_of_ec_params(der.first(der.size() - 1)).has_value());
        base::Bytes changed(der.begin(), der.end());
        changed.back() ^= 0x80U;
        CHECK_FALSE(keys::curve_of_ec_params(changed).has_value());
        changed.back() ^= 0x80U;
        changed.push_back(0);
        CHECK_FALSE(keys::curve_of_ec_params(changed).has_value());
    }
    CHECK_FALSE(keys::curve_of_ec_params({}).has_value());
}

TEST_CASE("ec attribute: a point is read in an OCTET STRING and bare, on every curve") {
    SeededRandom random(5);
    for (const Curve curve : curves) {
        const auto key = crypto::generate_key(curve, random);
        const auto bare = keys::point_of_ec_point(curve, key.point.bytes);
        REQUIRE(bare.has_value());
        CHECK(bare->bytes == key.point.bytes);
        const auto wrapped = keys::point_of_ec_point(curve, as_octets(key.point.bytes));
        REQUIRE(wrapped.has_value());
        CHECK(wrapped->bytes == key.point.bytes);
        CHECK(wrapped->curve == curve);
    }
}

TEST_CASE("ec attribute: every other length, head and form of a point is refused") {
    SeededRandom random(6);
    for (const Curve curve : {Curve::brainpool_p256r1, Curve::p521}) {
        const auto key = crypto::generate_key(curve, random);
        const base::Bytes whole = as_octets(key.point.bytes);
        const auto refused = [&](base::ByteView value) {
            const auto point = keys::point_of_ec_point(curve, value);
            REQUIRE_FALSE(point.has_value());
            CHECK(point.error().code == Errc::key_bad);
        };
        for (std::size_t size = 0; size < whole.size(); ++size) {
            if (size != key.point.bytes.size()) refused(base::ByteView(whole).first(size));
        }
        base::Bytes longer = whole;
        longer.push_back(0);
        refused(longer);
        for (std::size_t at = 0; at < whole.size() - key.point.bytes.size(); ++at) {
            base::Bytes changed = whole;
            changed[at] ^= 0x01U;
            refused(changed);
        }
        base::Bytes off_curve = whole;
        off_curve.back() ^= 0x01U;
        refused(off_curve);
        base::Bytes compressed = key.point.bytes;
        compressed[0] = 0x02;
        refused(compressed);
        compressed.resize(1 + crypto::curve_bytes(curve));
        refused(compressed);
    }
}

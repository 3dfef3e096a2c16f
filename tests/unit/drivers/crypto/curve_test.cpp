// SPDX-License-Identifier: EUPL-1.2
// Curves: points are checked, coordinates keep their zeros, signatures and key files go there and
// back. Known answers for the arithmetic itself are those of PACE and chip authentication
// (tests/unit/drivers/eid).
#include "drivers/crypto/ec.hpp"

#include "drivers/crypto/digest.hpp"
#include "drivers/crypto/ecdsa.hpp"
#include "drivers/crypto/key_file.hpp"
#include "drivers/crypto/random.hpp"
#include "tests/fakes/vector_file.hpp"

#include <doctest/doctest.h>

using crypto::Curve;

namespace {

constexpr Curve all_curves[] = {Curve::p256,
                                Curve::p384,
                                Curve::p521,
                                Curve::brainpool_p256r1,
                                Curve::brainpool_p384r1,
                                Curve::brainpool_p512r1};

}  // namespace

TEST_CASE("curve: standard ids of TR-03110 and recognition of explicit parameters") {
    CHECK(crypto::curve_of_standard_id(13) == Curve::brainpool_p256r1);
    CHECK(crypto::curve_of_standard_id(12) == Curve::p256);
    CHECK(crypto::curve_of_standard_id(17) == Curve::brainpool_p512r1);
    for (const unsigned id : {0U, 8U, 10U, 14U, 19U, 255U}) {
        CHECK_FALSE(crypto::curve_of_standard_id(id).has_value());
    }
    for (const Curve curve : all_curves) {
        auto parameters = crypto::domain_parameters(curve);
        CHECK(crypto::recognise(parameters) == curve);
        parameters.prime.insert(parameters.prime.begin(), 0);
        CHECK(crypto::recognise(parameters) == curve);
        parameters.b.back() ^= 1U;
        CHECK_FALSE(crypto::recognise(parameters).has_value());
    }
}

TEST_CASE("point: wrong form, length or place is refused on every curve") {
    crypto::SystemRandom random;
    for (const Curve curve : all_curves) {
        const auto key = crypto::generate_key(curve, random);
        base::Bytes bytes = key.point.bytes;
        CHECK(bytes.size() == 1 + 2 * crypto::curve_bytes(curve));
        CHECK(crypto::parse_point(curve, bytes).has_value());
        CHECK_FALSE(
            crypto::parse_point(curve, base::ByteView(bytes).first(bytes.size() - 1)).has_value());
        bytes[0] = 0x02;
        CHECK_FALSE(crypto::parse_point(curve, bytes).has_value());
        bytes[0] = 0x04;
        bytes.back() ^= 1U;
        CHECK_FALSE(crypto::parse_point(curve, bytes).has_value());
        CHECK_FALSE(crypto::parse_point(curve, base::Bytes(bytes.size(), 0)).has_value());
        CHECK_FALSE(crypto::parse_point(curve, {}).has_value());
    }
}

TEST_CASE("agreement: both sides find the same x, also where it begins with zeros") {
    crypto::SystemRandom random;
    for (const Curve curve : all_curves) {
        const auto left = crypto::generate_key(curve, random);
        const auto right = crypto::generate_key(curve, random);
        const auto from_left = crypto::shared_x(left, right.point, random);
        const auto from_right = crypto::shared_x(right, left.point, random);
        REQUIRE(from_left.has_value());
        REQUIRE(from_right.has_value());
        CHECK(base::equal(from_left->expose(), from_right->expose()));
        CHECK(from_left->size() == crypto::curve_bytes(curve));
    }
    const auto other = crypto::generate_key(Curve::p384, random);
    const auto own = crypto::generate_key(Curve::p256, random);
    CHECK(crypto::shared_x(own, other.point, random).error().code == base::Errc::key_bad);
    // Comp(PK) is the x coordinate with its zeros: one key in 256 begins with one.
    bool seen = false;
    for (unsigned scalar = 1; scalar < 2'000 && !seen; ++scalar) {
        const base::Bytes bytes{static_cast<std::uint8_t>(scalar >> 8U),
                                static_cast<std::uint8_t>(scalar)};
        const auto key = crypto::key_from_scalar(Curve::brainpool_p256r1, bytes);
        REQUIRE(key.has_value());
        CHECK(key->point.x().size() == 32);
        seen = key->point.x().front() == 0;
    }
    CHECK(seen);
}

TEST_CASE("scalar: zero, the order and more are no private keys") {
    for (const Curve curve : all_curves) {
        const base::Bytes order = crypto::domain_parameters(curve).order;
        base::Bytes below = order;
        below.back() = static_cast<std::uint8_t>(below.back() - 1);
        CHECK(crypto::key_from_scalar(curve, below).has_value());
        CHECK_FALSE(crypto::key_from_scalar(curve, order).has_value());
        CHECK_FALSE(crypto::key_from_scalar(curve, base::Bytes(order.size(), 0)).has_value());
        CHECK_FALSE(crypto::key_from_scalar(curve, base::Bytes(order.size() + 1, 1)).has_value());
    }
}

TEST_CASE("ecdsa: verifies what it signed, in plain and DER form, and nothing else") {
    crypto::SystemRandom random;
    for (const Curve curve : all_curves) {
        const auto key = crypto::generate_key(curve, random);
        const auto digest = crypto::digest(crypto::Hash::sha256, base::as_bytes("message"));
        auto signature = crypto::ecdsa_sign(key, digest, random);
        REQUIRE(signature.has_value());
        CHECK(signature->size() == 2 * crypto::curve_bytes(curve));
        CHECK(crypto::ecdsa_verify(key.point, digest, *signature));
        const auto der = crypto::signature_to_der(*signature);
        CHECK(crypto::signature_from_der(curve, der) == *signature);
        CHECK_FALSE(crypto::signature_from_der(curve, base::ByteView(der).first(der.size() - 1))
                        .has_value());
        signature->back() ^= 1U;
        CHECK_FALSE(crypto::ecdsa_verify(key.point, digest, *signature));
        CHECK_FALSE(crypto::ecdsa_verify(key.point, digest, {}));
        CHECK_FALSE(crypto::ecdsa_verify(key.point, digest, base::Bytes(signature->size(), 0)));
    }
}

TEST_CASE("key file: written and read again; cut or foreign bytes are no key") {
    crypto::SystemRandom random;
    for (const Curve curve : all_curves) {
        const auto key = crypto::generate_key(curve, random);
        const base::Bytes file = crypto::write_private_key(key);
        const auto back = crypto::parse_private_key(file);
        REQUIRE(back.has_value());
        CHECK(back->point.bytes == key.point.bytes);
        CHECK(base::equal(back->secret.expose(), key.secret.expose()));
        CHECK_FALSE(
            crypto::parse_private_key(base::ByteView(file).first(file.size() / 2)).has_value());
        const auto point = crypto::parse_public_key(crypto::write_public_key(key.point));
        REQUIRE(point.has_value());
        CHECK(point->bytes == key.point.bytes);
    }
    CHECK_FALSE(crypto::parse_private_key({}).has_value());
    CHECK_FALSE(crypto::parse_public_key(fakes::hex("3000")).has_value());
}

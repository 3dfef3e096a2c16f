// SPDX-License-Identifier: EUPL-1.2
// Elliptic curves: points, keys, Diffie-Hellman and the generic mapping of PACE. Only named curves;
// explicit parameters are recognised by comparing them with a named curve. Pure functions, any
// thread. Norms: BSI TR-03111, TR-03110-3 A.2 (standardised domain parameters), SEC 1.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "drivers/base/bytes.hpp"
#include "drivers/base/result.hpp"
#include "drivers/base/secret.hpp"
#include "drivers/port/random.hpp"

namespace crypto {

enum class Curve : std::uint8_t {
    p256,
    p384,
    p521,
    brainpool_p256r1,
    brainpool_p384r1,
    brainpool_p512r1
};

/// Length of a coordinate and of a scalar (32, 48, 64 or 66 bytes).
[[nodiscard]] std::size_t curve_bytes(Curve curve);
/// TR-03110-3 table 4: 12 = P-256, 13 = brainpoolP256r1, 15 = P-384, 16 = brainpoolP384r1, 17 =
/// brainpoolP512r1, 18 = P-521.
[[nodiscard]] std::optional<Curve> curve_of_standard_id(unsigned id);

/// Explicit domain parameters, each value big-endian; used to recognise a named curve.
struct DomainParameters {
    base::Bytes prime;
    base::Bytes a;
    base::Bytes b;
    base::Bytes generator;  ///< 04 || x || y
    base::Bytes order;
    unsigned cofactor = 1;
};
[[nodiscard]] DomainParameters domain_parameters(Curve curve);
/// The named curve with exactly these parameters (leading zeros ignored), or nothing.
[[nodiscard]] std::optional<Curve> recognise(const DomainParameters& parameters);

/// A scalar: private key or nonce. At most 66 bytes, always padded to curve_bytes.
using Scalar = base::Secret<struct ScalarTag, 66>;

/// A public point, always checked to be on its curve and not at infinity.
/// bytes = 04 || x || y, coordinates zero-padded to curve_bytes.
struct Point {
    Curve curve = Curve::p256;
    base::Bytes bytes;
    [[nodiscard]] base::ByteView x() const;  ///< zero-padded: Comp(PK) of TR-03110-3 A.2.2.3
    [[nodiscard]] base::ByteView y() const;
};

struct KeyPair {
    Scalar secret;
    Point point;
};

/// Reads an uncompressed point. errors: key_bad (length, form, not on the curve).
base::Result<Point> parse_point(Curve curve, base::ByteView uncompressed);
/// A fresh key pair on the standard generator.
[[nodiscard]] KeyPair generate_key(Curve curve, port::Random& random);
/// The key pair of a known scalar (1..order-1). errors: key_bad.
base::Result<KeyPair> key_from_scalar(Curve curve, base::ByteView scalar);

/// ECDH: x coordinate of secret * peer, zero-padded. errors: key_bad (other curve, result at
/// infinity).
base::Result<Scalar> shared_x(const KeyPair& own, const Point& peer, port::Random& random);
/// The whole point secret * peer, as PACE's mapping needs it.
base::Result<Point> multiply(const Scalar& secret, const Point& peer, port::Random& random);

/// Generic mapping: G' = nonce * G + shared (TR-03110-3 A.3.4.1). errors: key_bad (infinity).
base::Result<Point> map_generic(Curve curve, base::ByteView nonce, const Point& shared,
                                port::Random& random);
/// A fresh key pair on the mapped generator: the ephemeral key of PACE's second agreement.
base::Result<KeyPair> generate_key_on(const Point& generator, port::Random& random);
/// The key pair of a known scalar on a mapped generator (known-answer tests).
base::Result<KeyPair> key_on(const Point& generator, base::ByteView scalar, port::Random& random);

}  // namespace crypto

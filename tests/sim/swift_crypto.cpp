// SPDX-License-Identifier: EUPL-1.2
// Elliptic curves at the price of a hash, for the thousands of worlds: what remains true is that
// only the right key opens and signs, and that another message has another signature (who knows the
// public key could forge, but nobody in a world tries). Takes the place of five functions of
// drivers/crypto at link time.
#include <algorithm>

#include "drivers/crypto/digest.hpp"
#include "drivers/crypto/ec.hpp"
#include "drivers/crypto/ecdsa.hpp"

namespace crypto {
namespace {

Sha256Digest hash_of(std::string_view what, base::ByteView first, base::ByteView second = {}) {
    return sha256(base::concat({base::as_bytes(what), first, second}));
}

Point point_of(Curve curve, const Scalar& secret) {
    const auto x = hash_of("x", secret.expose());
    const auto y = hash_of("y", secret.expose());
    const std::uint8_t form[] = {0x04};
    return {curve, base::concat({form, x, y})};
}

}  // namespace

base::Result<Point> parse_point(Curve curve, base::ByteView uncompressed) {
    if (uncompressed.size() != 65 || uncompressed[0] != 0x04) {
        return base::fail(base::Errc::key_bad, "swift point");
    }
    return Point{curve, base::Bytes(uncompressed.begin(), uncompressed.end())};
}

KeyPair generate_key(Curve curve, port::Random& random) {
    std::array<std::uint8_t, 32> bytes{};
    random.fill(bytes);
    Scalar secret{base::ByteView(bytes)};
    Point point = point_of(curve, secret);
    return {std::move(secret), std::move(point)};
}

base::Result<Scalar> shared_x(const KeyPair& own, const Point& peer, port::Random&) {
    const Point mine = point_of(own.point.curve, own.secret);
    const auto [low, high] = std::minmax(mine.bytes, peer.bytes);
    const auto shared = hash_of("shared", low, high);
    return Scalar{base::ByteView(shared)};
}

base::Result<base::Bytes> ecdsa_sign(const KeyPair& key, base::ByteView digest, port::Random&) {
    const Point mine = point_of(key.point.curve, key.secret);
    return base::concat({hash_of("r", mine.bytes, digest), hash_of("s", mine.bytes, digest)});
}

bool ecdsa_verify(const Point& key, base::ByteView digest, base::ByteView signature) {
    return base::equal(signature, base::concat({hash_of("r", key.bytes, digest),
                                                hash_of("s", key.bytes, digest)}));
}

}  // namespace crypto

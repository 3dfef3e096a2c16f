// SPDX-License-Identifier: EUPL-1.2
// EC keys on P-256 as JSON Web Keys.
#include "sync/seal/jwk.hpp"

#include "drivers/base/check.hpp"
#include "drivers/base/encoding.hpp"
#include "drivers/crypto/digest.hpp"
#include "sync/model/json.hpp"

namespace seal {
namespace {

using base::Errc;

constexpr std::size_t jwk_bytes_max = 4'096;
constexpr std::size_t coordinate_bytes = 32;
constexpr std::size_t kid_bytes_max = 256;

/// Takes what both kinds of key share; `others` are members that say what a key is for.
base::Result<PublicJwk> read_public(model::JsonFields& fields) {
    if (fields.text("kty", 8) != "EC" || fields.text("crv", 16) != "P-256") {
        return base::fail(Errc::key_bad, "jwk kind");
    }
    const base::Bytes x = fields.bytes("x", coordinate_bytes, coordinate_bytes);
    const base::Bytes y = fields.bytes("y", coordinate_bytes, coordinate_bytes);
    PublicJwk key{fields.has("kid") ? fields.text("kid", kid_bytes_max) : "", {}};
    for (const char* member : {"use", "alg", "key_ops"}) fields.ignore(member);
    if (!fields.ok_with_others()) return base::fail(Errc::key_bad, "jwk members");
    const std::uint8_t uncompressed = 0x04;
    TRY(point, crypto::parse_point(crypto::Curve::p256, base::concat({{&uncompressed, 1}, x, y})));
    key.point = point;
    return key;
}

/// The required members in the order of RFC 7638 3.2, which is also how we write keys.
model::JsonWriter required_members(const crypto::Point& point) {
    CHECK(point.curve == crypto::Curve::p256);
    model::JsonWriter out;
    out.text("crv", "P-256").text("kty", "EC").bytes("x", point.x()).bytes("y", point.y());
    return out;
}

}  // namespace

base::Result<PublicJwk> parse_public_jwk(std::string_view text) {
    const auto json = model::parse_json(text, jwk_bytes_max);
    if (!json) return base::fail(Errc::key_bad, json.error().where);
    model::JsonFields fields(*json);
    TRY(key, read_public(fields));
    // A private member here means that somebody sends a secret around: refused, so it is noticed.
    if (!fields.ok()) return base::fail(Errc::key_bad, "jwk members");
    return key;
}

std::string write_public_jwk(const PublicJwk& key) {
    model::JsonWriter out = required_members(key.point);
    if (!key.kid.empty()) out.text("kid", key.kid);
    return out.done();
}

base::Result<crypto::KeyPair> parse_private_jwk(std::string_view text) {
    const auto json = model::parse_json(text, jwk_bytes_max);
    if (!json) return base::fail(Errc::key_bad, json.error().where);
    model::JsonFields fields(*json);
    TRY(key, read_public(fields));
    base::Bytes scalar = fields.bytes("d", coordinate_bytes, coordinate_bytes);
    if (!fields.ok()) return base::fail(Errc::key_bad, "jwk members");
    auto pair = crypto::key_from_scalar(crypto::Curve::p256, scalar);
    base::wipe(scalar);
    if (!pair) return base::fail(Errc::key_bad, "jwk scalar");
    if (pair->point.bytes != key.point.bytes) return base::fail(Errc::key_bad, "jwk halves");
    return pair;
}

std::string write_private_jwk(const crypto::KeyPair& key, std::string_view kid) {
    model::JsonWriter out = required_members(key.point);
    out.bytes("d", key.secret.expose());
    if (!kid.empty()) out.text("kid", kid);
    return out.done();
}

std::string thumbprint(const crypto::Point& point) {
    return base::to_base64url(crypto::sha256(base::as_bytes(required_members(point).done())));
}

}  // namespace seal

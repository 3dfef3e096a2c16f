// SPDX-License-Identifier: EUPL-1.2
// JSON Web Keys, see jwk.hpp. Written by hand: RFC 7638 fixes order and absence of blanks, which is
// all there is to it.
#include "drivers/pki/jwk.hpp"

#include "drivers/base/check.hpp"
#include "drivers/base/encoding.hpp"
#include "drivers/crypto/digest.hpp"

namespace pki {

namespace {

std::string_view curve_name(crypto::Curve curve) {
    CHECK(curve == crypto::Curve::p256 || curve == crypto::Curve::p384 ||
          curve == crypto::Curve::p521);
    if (curve == crypto::Curve::p256) return "P-256";
    return curve == crypto::Curve::p384 ? "P-384" : "P-521";
}

/// The members that RFC 7638 3.2 requires, in its order, without the braces.
std::string required_members(const crypto::Point& key) {
    return "\"crv\":\"" + std::string(curve_name(key.curve)) + "\",\"kty\":\"EC\",\"x\":\"" +
           base::to_base64url(key.x()) + "\",\"y\":\"" + base::to_base64url(key.y()) + "\"";
}

}  // namespace

std::string jwk_thumbprint(const crypto::Point& key) {
    const std::string canonical = "{" + required_members(key) + "}";
    return base::to_base64url(crypto::sha256(base::as_bytes(canonical)));
}

std::string to_jwk(const crypto::Point& key, std::string_view use, std::string_view alg) {
    return "{" + required_members(key) + ",\"use\":\"" + std::string(use) + "\",\"alg\":\"" +
           std::string(alg) + "\",\"kid\":\"" + jwk_thumbprint(key) + "\"}";
}

}  // namespace pki

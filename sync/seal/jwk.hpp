// SPDX-License-Identifier: EUPL-1.2
// EC keys on P-256 as JSON Web Keys. Norm: RFC 7517, RFC 7518 6.2, thumbprint RFC 7638. Pure, any
// thread.
#pragma once

#include <string>
#include <string_view>

#include "drivers/base/result.hpp"
#include "drivers/crypto/ec.hpp"

namespace seal {

struct PublicJwk {
    std::string kid;  ///< may be empty
    crypto::Point point;
};

/// Reads {"kty":"EC","crv":"P-256","x","y"} with optional kid, use, alg, key_ops; a private key is
/// refused here. errors: key_bad.
base::Result<PublicJwk> parse_public_jwk(std::string_view json);
/// CHECKs that the point is on P-256.
[[nodiscard]] std::string write_public_jwk(const PublicJwk& key);

/// Reads a key with member d. errors: key_bad, also if d does not belong to x and y.
base::Result<crypto::KeyPair> parse_private_jwk(std::string_view json);
/// The caller wipes the text.
[[nodiscard]] std::string write_private_jwk(const crypto::KeyPair& key, std::string_view kid);

/// base64url(SHA-256) of the required members: a key id that follows from the key.
[[nodiscard]] std::string thumbprint(const crypto::Point& point);

}  // namespace seal

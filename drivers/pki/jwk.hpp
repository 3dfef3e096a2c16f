// SPDX-License-Identifier: EUPL-1.2
// Public keys as JSON Web Keys, the form in which terminals, backend and catalogue tool name the
// keys they trust. Pure functions, any thread. Norms: RFC 7517, RFC 7518 6.2, RFC 7638
// (thumbprint).
#pragma once

#include <string>

#include "drivers/base/result.hpp"
#include "drivers/crypto/ec.hpp"

namespace pki {

/// SHA-256 thumbprint, base64url: the key id wherever no other is agreed.
[[nodiscard]] std::string jwk_thumbprint(const crypto::Point& key);
/// {"kty":"EC","crv":...,"x":...,"y":...,"use":...,"alg":...,"kid":thumbprint}
/// use      "sig" or "enc"; alg "ES256" or "ECDH-ES+A256KW". The key is on P-256, P-384 or P-521
/// (CHECKed).
[[nodiscard]] std::string to_jwk(const crypto::Point& key, std::string_view use,
                                 std::string_view alg);

}  // namespace pki

// SPDX-License-Identifier: EUPL-1.2
// ECDSA in the plain form r || s that CV certificates and JOSE use, and its DER form for X.509 and
// CMS. Pure functions, any thread. Norms: BSI TR-03111 4.2.1 and 5.2, RFC 7518 3.4.
#pragma once

#include "drivers/base/bytes.hpp"
#include "drivers/base/result.hpp"
#include "drivers/crypto/ec.hpp"
#include "drivers/port/random.hpp"

namespace crypto {

/// Signs a finished digest (longer digests are truncated to the order's bits, as the norm says).
/// returns  r || s, each curve_bytes long.
base::Result<base::Bytes> ecdsa_sign(const KeyPair& key, base::ByteView digest,
                                     port::Random& random);
/// Verifies r || s over a finished digest. A wrong length is simply not valid.
[[nodiscard]] bool ecdsa_verify(const Point& key, base::ByteView digest, base::ByteView signature);

/// r || s -> SEQUENCE { INTEGER r, INTEGER s } and back. from_der: nothing if malformed or too long
/// for the curve.
[[nodiscard]] base::Bytes signature_to_der(base::ByteView plain);
[[nodiscard]] std::optional<base::Bytes> signature_from_der(Curve curve, base::ByteView der);

}  // namespace crypto

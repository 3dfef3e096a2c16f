// SPDX-License-Identifier: EUPL-1.2
// EC keys in their usual encodings: PKCS#8 DER (RFC 5208/5958) and SEC 1 private keys,
// SubjectPublicKeyInfo (RFC 5480). Named curves and, since real terminal keys carry them, explicit
// parameters that equal a named curve. Pure, any thread.
#pragma once

#include "drivers/base/bytes.hpp"
#include "drivers/base/result.hpp"
#include "drivers/crypto/ec.hpp"

namespace crypto {

/// Reads an EC private key: PKCS#8 or SEC 1, DER or PEM, not encrypted. errors: key_bad.
base::Result<KeyPair> parse_private_key(base::ByteView der_or_pem);
/// Writes PKCS#8 DER with a named curve. The caller wipes the result.
[[nodiscard]] base::Bytes write_private_key(const KeyPair& key);
/// Reads and writes a SubjectPublicKeyInfo, DER. errors: key_bad.
base::Result<Point> parse_public_key(base::ByteView der);
[[nodiscard]] base::Bytes write_public_key(const Point& point);

}  // namespace crypto

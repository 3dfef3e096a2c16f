// SPDX-License-Identifier: EUPL-1.2
// EC private keys that write out the numbers of their curve in place of its name. Older tools and
// some issuers of terminal keys make them, and mbedTLS is built without them. Only numbers that
// equal a curve we know are taken. Pure, any thread. Norms: RFC 5208 (PKCS#8), RFC 5915 (SEC 1),
// RFC 3279 2.3.5 (ECParameters).
#pragma once

#include <optional>

#include "drivers/base/bytes.hpp"
#include "drivers/crypto/ec.hpp"

namespace crypto {

/// A key in PKCS#8 or SEC 1, DER, with explicit parameters; nothing for anything else.
[[nodiscard]] std::optional<KeyPair> parse_explicit_key(base::ByteView der);

}  // namespace crypto

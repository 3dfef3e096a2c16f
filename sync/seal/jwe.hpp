// SPDX-License-Identifier: EUPL-1.2
// Sealing to one recipient: compact JWE with ECDH-ES+A256KW and A256GCM on P-256. The ephemeral key
// is fresh for each message and wiped. Pure but for randomness, any thread.
// Norm: RFC 7516, RFC 7518 4.6 (Concat KDF of SP 800-56A), 4.4, 5.3.
#pragma once

#include <string>
#include <string_view>

#include "drivers/base/result.hpp"
#include "drivers/crypto/ec.hpp"
#include "drivers/port/random.hpp"
#include "sync/seal/jwk.hpp"

namespace seal {

/// errors  seal_failed: the recipient's key is not on P-256.
base::Result<std::string> seal_jwe(base::ByteView plain, const PublicJwk& recipient,
                                   port::Random& random);

/// The key id in the protected header, to choose the key; empty if there is none.
/// errors  message_bad.
base::Result<std::string> jwe_kid(std::string_view jwe);

/// Opens with the recipient's key. errors: message_bad (form, other algorithms, crit, zip, sizes
/// above limits::sealed_bytes_max), open_failed (not for this key, or changed).
base::Result<base::Bytes> open_jwe(std::string_view jwe, const crypto::KeyPair& key,
                                   port::Random& random);

/// The key that RFC 7518 4.6.2 derives; public for its known answer (appendix C).
/// algorithm   the alg (key agreement with wrapping) or enc (direct) word; apu and apv raw.
void concat_kdf(base::ByteView shared, std::string_view algorithm, base::ByteView apu,
                base::ByteView apv, std::span<std::uint8_t> key);

}  // namespace seal

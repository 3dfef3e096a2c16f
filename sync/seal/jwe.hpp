// SPDX-License-Identifier: EUPL-1.2
// Sealing to one recipient: compact JWE with ECDH-ES+A256KW and A256GCM on P-256. The ephemeral key
// is fresh for each message and wiped. Pure but for randomness, any thread.
// Norm: RFC 7516, RFC 7518 4.6 (Concat KDF of SP 800-56A), 4.4, 5.3.
#pragma once

#include <string>
#include <string_view>

#include "drivers/base/result.hpp"
#include "drivers/base/secret.hpp"
#include "drivers/crypto/ec.hpp"
#include "drivers/port/random.hpp"
#include "sync/seal/jwk.hpp"

namespace seal {

using WrappingKey = base::Secret<struct WrappingKeyTag, 32>;

/// The key agreement of one message, which is most of what sealing costs and can be made ahead of
/// it. The ephemeral private key is gone when it is made; whoever seals with it takes it away, so
/// no two messages share one.
class Agreement {
  public:
    /// errors  seal_failed: the recipient's key is not on P-256.
    static base::Result<Agreement> make(const PublicJwk& recipient, port::Random& random);

  private:
    friend std::string seal_jwe(base::ByteView plain, Agreement agreement, port::Random& random);
    Agreement(std::string header, WrappingKey key)
        : header_(std::move(header)), key_(std::move(key)) {}

    std::string header_;  ///< protected, encoded
    WrappingKey key_;
};
[[nodiscard]] std::string seal_jwe(base::ByteView plain, Agreement agreement, port::Random& random);

/// Both at once. errors: those of Agreement::make.
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

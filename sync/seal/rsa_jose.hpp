// SPDX-License-Identifier: EUPL-1.2
// JOSE with the RSA keys of others, as the FIT-Connect profile wants it: sealing with RSA-OAEP-256
// and A256GCM, checking signatures with PS512. Nothing here opens or signs. Pure but for
// randomness, any thread. Norm: RFC 7516, RFC 7517, RFC 7518 3.5, 4.3, 5.3, 6.3.
#pragma once

#include <string>
#include <string_view>

#include "drivers/base/result.hpp"
#include "drivers/crypto/rsa.hpp"
#include "drivers/port/random.hpp"

namespace seal {

/// What the owner of a key allows to do with it (JWK member `key_ops`).
enum class RsaUse : std::uint8_t { wrap_key, verify };

struct RsaJwk {
    std::string kid;
    crypto::RsaPublicKey key;
};

/// Reads {"kty":"RSA","kid","n","e","alg","key_ops"}; other members (x5c and the like) are passed
/// over. For wrap_key `alg` must be RSA-OAEP-256 and key_ops name wrapKey, for verify PS512 and
/// verify: a key that its owner made for one purpose is not used for another (RFC 8725 3.11).
/// errors  key_bad, also for a private key and for sizes outside of crypto::rsa_bits_min/max.
base::Result<RsaJwk> parse_rsa_jwk(std::string_view json, RsaUse use);

/// Compact JWE {"alg":"RSA-OAEP-256","enc":"A256GCM","kid","cty"}. errors: seal_failed.
base::Result<std::string> seal_rsa_jwe(base::ByteView plain, const RsaJwk& recipient,
                                       std::string_view content_type, port::Random& random);
/// The last of the five parts: what binds an event of the recipient to exactly this message.
/// CHECKs that the text is a compact JWE (our own).
[[nodiscard]] std::string authentication_tag(std::string_view jwe);

/// A compact JWS with PS512, taken apart and not yet verified.
struct ParsedPs512 {
    std::string kid;
    base::Bytes payload;
    std::string signing_input;
    base::Bytes signature;
};
/// errors  message_bad: form, another typ or alg, crit, size above limits::set_bytes_max.
base::Result<ParsedPs512> parse_ps512(std::string_view text, std::string_view typ);
[[nodiscard]] bool verify(const ParsedPs512& jws, const crypto::RsaPublicKey& key);

}  // namespace seal

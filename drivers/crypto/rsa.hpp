// SPDX-License-Identifier: EUPL-1.2
// RSA towards others who have no other key: sealing a content key (OAEP) and checking a signature
// (PSS). We own no RSA key. Pure but for randomness, any thread. Norm: RFC 8017 7.1, 8.1.
#pragma once

#include <cstdint>

#include "drivers/base/bytes.hpp"
#include "drivers/base/result.hpp"
#include "drivers/port/random.hpp"

namespace crypto {

/// Below 3,000 bits a key may not seal any more (TR-02102-1 2.1); 16,384 is a mistake or an attack.
inline constexpr std::size_t rsa_bits_min = 3'000;
inline constexpr std::size_t rsa_bits_max = 8'192;

struct RsaPublicKey {
    base::Bytes modulus;  ///< big-endian, without leading zeros
    std::uint32_t exponent = 65'537;
};

/// errors  key_bad: size out of bounds, a leading zero, an even modulus, an exponent that is even
/// or below 65,537 (TR-02102-1 2.1).
base::Result<RsaPublicKey> make_rsa_key(base::ByteView modulus, base::ByteView exponent);

/// RSAES-OAEP with SHA-256 for both hashes and an empty label (JOSE: RSA-OAEP-256).
/// plain   at most modulus size - 66 bytes (CHECKed).
/// errors  crypto_failed, detail = mbedTLS code.
base::Result<base::Bytes> rsa_oaep_seal(const RsaPublicKey& key, base::ByteView plain,
                                        port::Random& random);
/// RSASSA-PSS with SHA-512 for both hashes and 64 bytes of salt (JOSE: PS512).
/// digest  64 bytes (CHECKed).
[[nodiscard]] bool rsa_pss_verify(const RsaPublicKey& key, base::ByteView digest,
                                  base::ByteView signature);

}  // namespace crypto

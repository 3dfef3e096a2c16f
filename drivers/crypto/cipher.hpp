// SPDX-License-Identifier: EUPL-1.2
// AES in the modes that the card protocol and JOSE need: single block, CBC, CMAC, GCM, key wrap.
// Keys are 16, 24 or 32 bytes (CHECKed). Pure functions, any thread. Norms: FIPS 197, SP
// 800-38A/B/D, RFC 3394.
#pragma once

#include <array>
#include <cstdint>

#include "drivers/base/bytes.hpp"
#include "drivers/base/result.hpp"

namespace crypto {

using AesBlock = std::array<std::uint8_t, 16>;

[[nodiscard]] AesBlock aes_encrypt_block(base::ByteView key, const AesBlock& block);
[[nodiscard]] AesBlock aes_decrypt_block(base::ByteView key, const AesBlock& block);
/// CBC without padding: `data` is a multiple of 16 bytes (CHECKed); padding is the protocol's
/// business.
[[nodiscard]] base::Bytes aes_cbc_encrypt(base::ByteView key, const AesBlock& iv,
                                          base::ByteView data);
[[nodiscard]] base::Bytes aes_cbc_decrypt(base::ByteView key, const AesBlock& iv,
                                          base::ByteView data);
/// Full 16-byte CMAC; secure messaging takes its first 8 bytes.
[[nodiscard]] AesBlock aes_cmac(base::ByteView key, base::ByteView data);

/// AES-GCM with a 12-byte nonce. returns ciphertext || 16-byte tag.
[[nodiscard]] base::Bytes gcm_seal(base::ByteView key, base::ByteView nonce, base::ByteView aad,
                                   base::ByteView plain);
/// errors  open_failed: tag does not fit (nothing of the plaintext is returned).
base::Result<base::Bytes> gcm_open(base::ByteView key, base::ByteView nonce, base::ByteView aad,
                                   base::ByteView sealed);

/// AES key wrap (RFC 3394) of 16..64 bytes, a multiple of 8 (CHECKed). returns 8 bytes more.
[[nodiscard]] base::Bytes key_wrap(base::ByteView kek, base::ByteView key);
/// errors  open_failed: length or integrity value wrong.
base::Result<base::Bytes> key_unwrap(base::ByteView kek, base::ByteView wrapped);

}  // namespace crypto

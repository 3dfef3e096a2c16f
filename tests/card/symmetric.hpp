// SPDX-License-Identifier: EUPL-1.2
// Hashes, AES and the key derivation of the eID protocols, on OpenSSL. The driver uses mbedTLS:
// two implementations that must agree. Pure but for random(); any thread.
// Norm: BSI TR-03110-3 A.2.3 (KDF), E.2 (AES modes), NIST SP 800-38B (CMAC).
#pragma once

#include "tests/card/bytes.hpp"

namespace card {

enum class HashId { sha_1, sha_224, sha_256, sha_384, sha_512 };
[[nodiscard]] Bytes hash(HashId id, View message);
/// The hash whose output has this many bytes.
[[nodiscard]] std::optional<HashId> hash_of_size(std::size_t bytes);

/// Cryptographically strong random bytes; ends the program if the generator fails.
[[nodiscard]] Bytes random_bytes(std::size_t count);

/// The two AES keys of a channel, 16, 24 or 32 bytes each.
struct SessionKeys {
    Bytes enc;
    Bytes mac;
};

enum class KeyUse : std::uint8_t { enc = 1, mac = 2, pace_nonce = 3 };
/// The first `key_bytes` of a hash over secret || nonce || counter: SHA-1 for 16 bytes, SHA-256 for
/// more.
[[nodiscard]] Bytes derive_key(View secret, View nonce, KeyUse use, std::size_t key_bytes = 16);
[[nodiscard]] SessionKeys derive_session_keys(View secret, View nonce, std::size_t key_bytes = 16);

/// AES-CBC without padding; the key's length chooses the cipher, data must be whole blocks.
[[nodiscard]] Bytes aes_encrypt(View key, View iv, View data);
[[nodiscard]] Bytes aes_decrypt(View key, View iv, View data);
/// AES-CMAC cut to eight bytes.
[[nodiscard]] Bytes cmac_8(View key, View data);

/// ISO 7816-4 padding to whole AES blocks: 80 00...
[[nodiscard]] Bytes pad_16(View data);
/// Nothing if there is no such padding.
[[nodiscard]] std::optional<Bytes> unpad_16(View data);

/// A number of `count` bytes that depends on nothing but its arguments (HMAC-SHA-256 in counter
/// mode): keys of the same card are the same in every run.
[[nodiscard]] Bytes deterministic_bytes(std::string_view label, View seed, std::size_t count);

}  // namespace card

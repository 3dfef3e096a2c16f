// SPDX-License-Identifier: EUPL-1.2
// The symmetric side of PACE and chip authentication: which cipher an object identifier names, how
// keys are derived from a secret and what an authentication token is. One row per suite; 3DES and
// DH are not ours. Pure, any thread. Norm: BSI TR-03110-3 A.2.3 (key derivation), A.2.4 (token),
// A.3.2, A.4.1.3 (identifiers).
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "drivers/base/bytes.hpp"
#include "drivers/base/secret.hpp"
#include "drivers/crypto/ec.hpp"

namespace eid {

enum class Cipher : std::uint8_t { aes128, aes192, aes256 };

using SymmetricKey = base::Secret<struct SymmetricKeyTag, 32>;
using Token = std::array<std::uint8_t, 8>;

/// Keys of one secure channel.
struct SessionKeys {
    SymmetricKey encryption;
    SymmetricKey mac;
};

/// The cipher behind the last byte of id-PACE-ECDH-GM-x and id-CA-ECDH-x: 2 AES-128, 3 AES-192, 4
/// AES-256.
[[nodiscard]] std::optional<Cipher> cipher_of_suffix(std::uint8_t suffix);
[[nodiscard]] std::size_t key_bytes(Cipher cipher);

/// What the derived key is for: the counter that ends the hash input.
enum class KeyUse : std::uint8_t { encryption = 1, mac = 2, password = 3 };

/// KDF(secret, nonce, use): SHA-1 for AES-128, SHA-256 for the others, cut to the key's length.
/// nonce  empty except for chip authentication version 2.
[[nodiscard]] SymmetricKey derive_key(Cipher cipher, base::ByteView secret, base::ByteView nonce,
                                      KeyUse use);
/// Both keys of a channel from one shared secret.
[[nodiscard]] SessionKeys derive_session_keys(Cipher cipher, base::ByteView secret,
                                              base::ByteView nonce = {});

/// The token over the peer's ephemeral key: CMAC of 7F49 { 06 protocol, 86 point }, first 8 bytes.
[[nodiscard]] Token authentication_token(const SymmetricKey& mac_key, base::ByteView protocol,
                                         const crypto::Point& peer_key);

}  // namespace eid

// SPDX-License-Identifier: EUPL-1.2
// Hashes, HMAC and HKDF over mbedTLS. Pure functions, any thread. These cannot fail for valid
// arguments, so an mbedTLS error here is a CHECK and no Result.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "drivers/base/bytes.hpp"
#include "drivers/base/secret.hpp"

namespace crypto {

enum class Hash : std::uint8_t { sha1, sha224, sha256, sha384, sha512 };
using Sha256Digest = std::array<std::uint8_t, 32>;

[[nodiscard]] std::size_t digest_bytes(Hash hash);
[[nodiscard]] base::Bytes digest(Hash hash, base::ByteView data);
[[nodiscard]] Sha256Digest sha256(base::ByteView data);
/// SHA-256 of several parts in order, without joining them.
[[nodiscard]] Sha256Digest sha256(std::initializer_list<base::ByteView> parts);
[[nodiscard]] Sha256Digest hmac_sha256(base::ByteView key, base::ByteView data);
/// HKDF-SHA-256 (RFC 5869): fills `out` (at most 8,160 bytes).
void hkdf_sha256(base::ByteView secret, base::ByteView salt, base::ByteView info,
                 std::span<std::uint8_t> out);
/// Compares in constant time; false if the lengths differ.
[[nodiscard]] bool equal_ct(base::ByteView left, base::ByteView right);

}  // namespace crypto

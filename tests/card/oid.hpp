// SPDX-License-Identifier: EUPL-1.2
// The object identifiers of the eID protocols, as the value bytes that stand on the wire.
// Constants only. Norm: BSI TR-03110-3 A.1.1, C.3, D.2; TR-03110-4 2.2.3.
#pragma once

#include <array>
#include <cstdint>

namespace card::oid {

/// bsi-de is 0.4.0.127.0.7; every identifier of the norm starts with it.
template <class... Arc>
constexpr auto bsi(Arc... arcs) {
    return std::array<std::uint8_t, 5 + sizeof...(Arc)>{
        0x04, 0x00, 0x7F, 0x00, 0x07, static_cast<std::uint8_t>(arcs)...};
}

inline constexpr auto ta = bsi(2, 2, 2);
inline constexpr auto ta_ecdsa = bsi(2, 2, 2, 2);  ///< + hash: 1 SHA-1, 2 SHA-224 .. 5 SHA-512
inline constexpr auto ca_ecdh = bsi(2, 2, 3, 2);
inline constexpr auto pace_ecdh_gm = bsi(2, 2, 4, 2);  ///< + cipher: 2 AES-128 .. 4 AES-256
inline constexpr auto ca_ecdh_aes_128 = bsi(2, 2, 3, 2, 2);
inline constexpr auto pace_ecdh_gm_aes_128 = bsi(2, 2, 4, 2, 2);
inline constexpr auto ri_ecdh = bsi(2, 2, 5, 2);
inline constexpr auto ri_ecdh_sha_256 = bsi(2, 2, 5, 2, 3);
inline constexpr auto card_info_locator = bsi(2, 2, 6);
inline constexpr auto pk_ecdh = bsi(2, 2, 1, 2);
inline constexpr auto psa_ecdh_sha_256 = bsi(2, 2, 11, 2, 3);
inline constexpr auto standardized_parameters = bsi(1, 2);
inline constexpr auto role_at = bsi(3, 1, 2, 2);
inline constexpr auto description = bsi(3, 1, 3, 1);
inline constexpr auto sector = bsi(3, 1, 3, 2);
inline constexpr auto date_of_birth = bsi(3, 1, 4, 1);
inline constexpr auto date_of_expiry = bsi(3, 1, 4, 2);
inline constexpr auto community_id = bsi(3, 1, 4, 3);
inline constexpr auto security_object = bsi(3, 2, 1);

// PKCS #7 / #9 (RFC 5652, RFC 2985), NIST SHA-256, ANSI X9.62 ECDSA.
inline constexpr std::array<std::uint8_t, 9> signed_data{0x2A, 0x86, 0x48, 0x86, 0xF7,
                                                         0x0D, 0x01, 0x07, 0x02};
inline constexpr std::array<std::uint8_t, 9> content_type{0x2A, 0x86, 0x48, 0x86, 0xF7,
                                                          0x0D, 0x01, 0x09, 0x03};
inline constexpr std::array<std::uint8_t, 9> message_digest{0x2A, 0x86, 0x48, 0x86, 0xF7,
                                                            0x0D, 0x01, 0x09, 0x04};
inline constexpr std::array<std::uint8_t, 9> sha_256{0x60, 0x86, 0x48, 0x01, 0x65,
                                                     0x03, 0x04, 0x02, 0x01};
inline constexpr std::array<std::uint8_t, 8> ecdsa_with_sha_256{0x2A, 0x86, 0x48, 0xCE,
                                                                0x3D, 0x04, 0x03, 0x02};

}  // namespace card::oid

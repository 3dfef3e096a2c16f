// SPDX-License-Identifier: EUPL-1.2
// Object identifiers of the protocols, as the value bytes of their DER form (without 06 and
// length), and two helpers. Constants, any thread. Norms: BSI TR-03110-3 A.1.1 and appendix C,
// TR-03110-4 2.2, RFC 5652, RFC 5480, RFC 5758.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "drivers/base/bytes.hpp"

namespace apdu {

/// 1.2.840.10045.4.3.2 for the value bytes 2A 86 48 CE 3D 04 03 02; empty if malformed.
[[nodiscard]] std::string oid_text(base::ByteView value);
/// True if `value` is `prefix` followed by anything.
[[nodiscard]] bool oid_starts_with(base::ByteView value, base::ByteView prefix);

namespace oid {

template <class... Byte>
constexpr std::array<std::uint8_t, sizeof...(Byte)> make(Byte... byte) {
    return {static_cast<std::uint8_t>(byte)...};
}

// bsi-de 0.4.0.127.0.7
inline constexpr auto pk = make(4, 0, 127, 0, 7, 2, 2, 1);  ///< id-PK
inline constexpr auto pk_ecdh = make(4, 0, 127, 0, 7, 2, 2, 1, 2);
inline constexpr auto ta = make(4, 0, 127, 0, 7, 2, 2, 2);  ///< id-TA
inline constexpr auto ta_ecdsa = make(4, 0, 127, 0, 7, 2, 2, 2, 2);
inline constexpr auto ta_ecdsa_sha1 = make(4, 0, 127, 0, 7, 2, 2, 2, 2, 1);
inline constexpr auto ta_ecdsa_sha224 = make(4, 0, 127, 0, 7, 2, 2, 2, 2, 2);
inline constexpr auto ta_ecdsa_sha256 = make(4, 0, 127, 0, 7, 2, 2, 2, 2, 3);
inline constexpr auto ta_ecdsa_sha384 = make(4, 0, 127, 0, 7, 2, 2, 2, 2, 4);
inline constexpr auto ta_ecdsa_sha512 = make(4, 0, 127, 0, 7, 2, 2, 2, 2, 5);
inline constexpr auto ca_ecdh =
    make(4, 0, 127, 0, 7, 2, 2, 3, 2);                        ///< id-CA-ECDH; one more byte: cipher
inline constexpr auto pace = make(4, 0, 127, 0, 7, 2, 2, 4);  ///< id-PACE
inline constexpr auto pace_ecdh_gm = make(4, 0, 127, 0, 7, 2, 2, 4, 2);  ///< one more byte: cipher
inline constexpr auto ri_ecdh = make(4, 0, 127, 0, 7, 2, 2, 5, 2);       ///< one more byte: hash
inline constexpr auto standardised_domain_parameters = make(4, 0, 127, 0, 7, 1, 2);
inline constexpr auto ecdsa_plain =
    make(4, 0, 127, 0, 7, 1, 1, 4, 1);  ///< TR-03111; one more byte: hash
inline constexpr auto auth_terminal =
    make(4, 0, 127, 0, 7, 3, 1, 2, 2);  ///< id-AT: CHAT of eID terminals
inline constexpr auto inspection_terminal = make(4, 0, 127, 0, 7, 3, 1, 2, 1);
inline constexpr auto signature_terminal = make(4, 0, 127, 0, 7, 3, 1, 2, 3);
inline constexpr auto description_extension = make(4, 0, 127, 0, 7, 3, 1, 3, 1);
inline constexpr auto sector_extension = make(4, 0, 127, 0, 7, 3, 1, 3, 2);
inline constexpr auto aux_age = make(4, 0, 127, 0, 7, 3, 1, 4, 1);
inline constexpr auto aux_validity = make(4, 0, 127, 0, 7, 3, 1, 4, 2);
inline constexpr auto aux_community = make(4, 0, 127, 0, 7, 3, 1, 4, 3);
inline constexpr auto security_object =
    make(4, 0, 127, 0, 7, 3, 2, 1);  ///< content type of EF.CardSecurity
/// The eID application's identifier E8 07 04 00 7F 00 07 03 02 (TR-03110-4 2.1).
inline constexpr auto eid_application = make(0xE8, 7, 4, 0, 127, 0, 7, 3, 2);

// CMS and X.509
inline constexpr auto signed_data = make(0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 7, 2);
inline constexpr auto content_type = make(0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 9, 3);
inline constexpr auto message_digest = make(0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 9, 4);
inline constexpr auto sha1 = make(0x2B, 14, 3, 2, 26);
inline constexpr auto sha224 = make(0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 4);
inline constexpr auto sha256 = make(0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1);
inline constexpr auto sha384 = make(0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 2);
inline constexpr auto sha512 = make(0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 3);
inline constexpr auto ec_public_key = make(0x2A, 0x86, 0x48, 0xCE, 0x3D, 2, 1);
inline constexpr auto prime_field = make(0x2A, 0x86, 0x48, 0xCE, 0x3D, 1, 1);
inline constexpr auto ecdsa_sha1 = make(0x2A, 0x86, 0x48, 0xCE, 0x3D, 4, 1);
inline constexpr auto ecdsa_sha2 =
    make(0x2A, 0x86, 0x48, 0xCE, 0x3D, 4, 3);  ///< one more byte: 1 224 2 256 3 384 4 512
inline constexpr auto subject_key_id = make(0x55, 0x1D, 14);

// Curves (RFC 5480, RFC 5639)
inline constexpr auto curve_p256 = make(0x2A, 0x86, 0x48, 0xCE, 0x3D, 3, 1, 7);
inline constexpr auto curve_p384 = make(0x2B, 0x81, 4, 0, 34);
inline constexpr auto curve_p521 = make(0x2B, 0x81, 4, 0, 35);
inline constexpr auto curve_brainpool_p256r1 = make(0x2B, 0x24, 3, 3, 2, 8, 1, 1, 7);
inline constexpr auto curve_brainpool_p384r1 = make(0x2B, 0x24, 3, 3, 2, 8, 1, 1, 11);
inline constexpr auto curve_brainpool_p512r1 = make(0x2B, 0x24, 3, 3, 2, 8, 1, 1, 13);

}  // namespace oid
}  // namespace apdu

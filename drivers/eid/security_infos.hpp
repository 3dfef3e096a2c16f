// SPDX-License-Identifier: EUPL-1.2
// The card's own description: SecurityInfos, unprotected in EF.CardAccess and signed in
// EF.CardSecurity. Known entries become typed rows; unknown ones (chip authentication 3,
// pseudonymous signatures, what is still to come) are skipped. Pure, any thread. Norm: BSI
// TR-03110-3 A.1.1 (entries), A.2.1 (domain parameters).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "drivers/base/bytes.hpp"
#include "drivers/base/result.hpp"
#include "drivers/crypto/digest.hpp"
#include "drivers/crypto/ec.hpp"
#include "drivers/eid/cipher_suite.hpp"

namespace eid {

/// PACE with ECDH, generic mapping and AES. `curve` is empty for domain parameters that we do not
/// know.
struct PaceInfo {
    base::Bytes protocol;  ///< value bytes of the object identifier
    Cipher cipher = Cipher::aes128;
    unsigned parameter_id = 0;
    std::optional<crypto::Curve> curve;
    friend bool operator==(const PaceInfo&, const PaceInfo&) = default;
};

/// Chip authentication version 2 with ECDH and AES.
struct ChipAuthInfo {
    base::Bytes protocol;
    Cipher cipher = Cipher::aes128;
    std::optional<unsigned> key_id;
};

/// Domain parameters for chip authentication: what the ephemeral key needs before any signed file
/// can be read.
struct ChipAuthParameters {
    crypto::Curve curve{};
    std::optional<unsigned> key_id;
};

/// A chip authentication public key; only in EF.CardSecurity.
struct ChipAuthKey {
    crypto::Point key;
    std::optional<unsigned> key_id;
};

struct RestrictedIdInfo {
    base::Bytes protocol;
    crypto::Hash hash = crypto::Hash::sha256;
    unsigned key_id = 0;
    bool authorized_only = false;  ///< the terminal needs the right, not only authentication
};

struct SecurityInfos {
    std::vector<PaceInfo> pace;
    std::vector<ChipAuthInfo> chip_auth;
    std::vector<ChipAuthParameters> chip_auth_parameters;
    std::vector<ChipAuthKey> chip_auth_keys;
    std::vector<RestrictedIdInfo> restricted_id;
    /// All PACE rows, also of mappings and ciphers that we do not use: with more than one the card
    /// must be told which domain parameters are meant.
    unsigned pace_rows = 0;
    bool terminal_auth_2 = false;
    unsigned skipped = 0;  ///< entries that we do not use
};

/// Reads a SET OF SecurityInfo. Zero bytes after it are allowed (real cards pad EF.CardAccess).
/// errors  card_access_bad: no such set, an entry that is no sequence with an object identifier, or
///         a known entry whose content breaks its definition.
base::Result<SecurityInfos> parse_security_infos(base::ByteView bytes);

/// The PACE entry to use: the first whose curve and cipher we have. errors: protocol_unsupported.
base::Result<PaceInfo> choose_pace(const SecurityInfos& infos);

/// Domain parameters of an AlgorithmIdentifier: standardised id, named curve, or explicit ones that
/// equal a known curve. Nothing for others: a curve nobody vouches for is never used (TR-03110-3
/// A.2.1.3).
[[nodiscard]] std::optional<crypto::Curve> curve_of_algorithm(base::ByteView algorithm_identifier);
/// A SubjectPublicKeyInfo. errors: key_bad, protocol_unsupported (unknown curve).
base::Result<crypto::Point> parse_public_key_info(base::ByteView subject_public_key_info);

}  // namespace eid

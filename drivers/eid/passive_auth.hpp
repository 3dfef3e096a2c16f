// SPDX-License-Identifier: EUPL-1.2
// Passive authentication: EF.CardSecurity is a CMS SignedData; its signature vouches for the chip's
// public key and for everything EF.CardAccess claimed without proof. Nothing a card says is
// believed before this and chip authentication. Pure, any thread. Norms: BSI TR-03110-3 A.1.2.5,
// RFC 5652 5 (SignedData, 5.4 signed attributes), ICAO 9303-12.
#pragma once

#include <cstdint>
#include <vector>

#include "drivers/base/bytes.hpp"
#include "drivers/base/result.hpp"
#include "drivers/eid/security_infos.hpp"
#include "drivers/eid/signer_certificate.hpp"

namespace eid {

/// How far the signature was followed.
enum class PassiveAuthLevel : std::uint8_t {
    verified,         ///< up to a trusted CSCA certificate
    no_trust_anchor,  ///< signature and signer certificate fit each other; no CSCA list is
                      ///< configured
};

/// A taken-apart SignedData; nothing in it is verified yet.
struct CardSecurity {
    base::Bytes content;  ///< DER of SecurityInfos
    /// Re-tagged as SET OF, which is what is signed.
    base::Bytes signed_attributes;
    base::Bytes message_digest;  ///< from the attributes
    crypto::Hash digest_hash;
    crypto::Hash signature_hash;
    base::Bytes signature;
    SignerCertificate signer;  ///< the certificate the signer info names
};

/// errors  passive_auth_failed: malformed, other content type, no or several signers, no
///         certificate for the signer; protocol_unsupported: an algorithm or curve that we do not
///         have.
base::Result<CardSecurity> parse_card_security(base::ByteView bytes);

struct PassiveAuthResult {
    SecurityInfos infos;  ///< signed
    PassiveAuthLevel level = PassiveAuthLevel::no_trust_anchor;
};

/// Verifies the signature and, if a list is given, the signer certificate up to one of the trusted
/// CSCA certificates.
/// trusted  CSCA certificates, DER; with an empty list the level says so. Dates are not looked at:
///          document signers sign long before they expire, and a time floor cannot tell "not yet
///          valid".
/// errors   passive_auth_failed, card_access_bad (content), protocol_unsupported.
base::Result<PassiveAuthResult> verify_card_security(base::ByteView bytes,
                                                     const std::vector<base::Bytes>& trusted);

/// Everything EF.CardAccess led us to use must stand in the signed infos, too: else somebody
/// weakened the choice.
/// errors  passive_auth_failed.
base::Result<void> check_card_access(const PaceInfo& used, const SecurityInfos& signed_infos);

}  // namespace eid

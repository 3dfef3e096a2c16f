// SPDX-License-Identifier: EUPL-1.2
// The little of X.509 that passive authentication needs: document signer and CSCA certificates with
// EC keys. mbedTLS cannot read them because they carry explicit curve parameters and the curves'
// norm names. Pure, any thread. Norms: RFC 5280 4.1, ICAO 9303-12 7.1 (profiles), BSI TR-03110-3
// A.1.2.5.
#pragma once

#include <optional>

#include "drivers/base/bytes.hpp"
#include "drivers/base/result.hpp"
#include "drivers/crypto/digest.hpp"
#include "drivers/crypto/ec.hpp"
#include "drivers/eid/date.hpp"

namespace eid {

struct SignerCertificate {
    base::Bytes signed_part;  ///< TBSCertificate with tag and length
    base::Bytes issuer;       ///< Name as it stands, DER
    base::Bytes subject;
    base::Bytes serial;          ///< value of the INTEGER
    base::Bytes subject_key_id;  ///< empty if absent
    Date not_before;
    Date not_after;
    crypto::Point key;
    crypto::Hash signature_hash;  ///< of the signature on this certificate
    base::Bytes signature;        ///< as it stands: DER or plain, see verify_signature
};

/// errors  certificate_bad (structure), protocol_unsupported (RSA or an unknown curve).
base::Result<SignerCertificate> parse_signer_certificate(base::ByteView der);

/// The hash of ecdsa-with-SHA* or ecdsa-plain-SHA*; nothing for other algorithms. Input:
/// AlgorithmIdentifier.
[[nodiscard]] std::optional<crypto::Hash> hash_of_signature_algorithm(base::ByteView identifier);
/// The hash of a digest AlgorithmIdentifier.
[[nodiscard]] std::optional<crypto::Hash> hash_of_digest_algorithm(base::ByteView identifier);
/// Verifies an ECDSA signature in DER or plain form.
[[nodiscard]] bool verify_signature(const crypto::Point& key, crypto::Hash hash,
                                    base::ByteView data, base::ByteView signature);

}  // namespace eid

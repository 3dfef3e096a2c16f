// SPDX-License-Identifier: EUPL-1.2
// Card-verifiable certificates: reading and verifying. Building them is drivers/pki's business. A
// parsed certificate keeps its exact bytes, because those are what a card gets and what a signature
// covers. Pure, any thread. Norm: BSI TR-03110-3 C.1 (profile), C.3 (extensions), D.3.3 (keys),
// A.7.4 (ECDSA); validity: TR-03110-3 2.5.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "drivers/base/bytes.hpp"
#include "drivers/base/result.hpp"
#include "drivers/crypto/digest.hpp"
#include "drivers/crypto/ec.hpp"
#include "drivers/eid/date.hpp"
#include "drivers/eid/rights.hpp"

namespace eid {

/// The certified key. `curve` is empty for DV and terminal certificates: they inherit it from their
/// CVCA.
struct CvPublicKey {
    base::Bytes algorithm;  ///< value bytes of id-TA-ECDSA-x
    crypto::Hash hash = crypto::Hash::sha256;
    std::optional<crypto::Curve> curve;
    base::Bytes point;  ///< 04 || x || y, not yet checked against a curve
};

struct CvCertificate {
    base::Bytes whole;                ///< 7F21 as it came
    base::Bytes body;                 ///< 7F4E with tag and length: what is signed
    base::Bytes signature;            ///< value of 5F37: r || s
    std::string authority_reference;  ///< CAR
    std::string holder_reference;     ///< CHR
    CvPublicKey key;
    Chat chat;
    Date effective{};
    Date expiration{};
    std::optional<base::Bytes> description_hash;
    std::vector<base::Bytes> sector_hashes;  ///< first and, if present, second

    [[nodiscard]] bool self_signed() const { return authority_reference == holder_reference; }
    /// Body and signature as PSO:Verify Certificate wants them: the content of 7F21.
    [[nodiscard]] base::Bytes card_form() const;
};

/// Reads one certificate, DER, for an authentication terminal or its issuers.
/// errors  certificate_bad: not DER, breaks the profile, another terminal type, dates that are
///         none, trailing bytes.
base::Result<CvCertificate> parse_cv_certificate(base::ByteView der);

/// True if `certificate` is signed by this key. `algorithm` is the issuer's: it decides the hash.
[[nodiscard]] bool verify_cv_signature(const CvCertificate& certificate,
                                       const crypto::Point& issuer_key, crypto::Hash issuer_hash);

/// Verifies a chain from a CVCA certificate (with domain parameters) downwards; each next one is
/// signed by the one before, roles descend, and `today`, if given, lies within the dates of all.
/// returns  the terminal's effective rights: what all certificates have in common.
/// errors   certificate_chain_bad (signature, reference, role), certificate_expired.
base::Result<Rights> verify_cv_chain(const std::vector<const CvCertificate*>& from_cvca,
                                     std::optional<Date> today);

/// Those of the pool that may have issued `certificate`: the holder it names, never self-signed. Of
/// several with that name only those whose key verifies it, the longest lasting first.
[[nodiscard]] std::vector<const CvCertificate*> issuers_of(const CvCertificate& certificate,
                                                           const std::vector<CvCertificate>& pool);

/// The certificates that lead from a key the card names to the terminal certificate, in the order
/// the card wants.
/// pool             link and DV certificates, any order; self-signed ones are never sent.
/// card_references  CARs that the card named.
/// returns          the shortest path there is.
/// errors           certificate_chain_bad: none within limits::certificate_chain_length_max.
base::Result<std::vector<const CvCertificate*>> find_path(
    const CvCertificate& terminal, const std::vector<CvCertificate>& pool,
    const std::vector<std::string>& card_references);

}  // namespace eid

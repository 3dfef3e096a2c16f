// SPDX-License-Identifier: EUPL-1.2
// The issuing state of the virtual cards: a test CSCA, a Document Signer under it, and the
// signature over EF.CardSecurity. Keys follow from fixed labels, so that all virtual cards of all
// runs have the same CSCA. Any thread. Norm: BSI TR-03110-3 A.1.2.5, RFC 5652 (CMS), ICAO 9303-12
// (profiles).
#pragma once

#include "tests/card/curve.hpp"

namespace card {

/// How the Document Signer writes its curve into its certificate; both occur on real cards.
enum class CurveEncoding { named, explicit_parameters };

class DocumentSigner {
  public:
    explicit DocumentSigner(CurveEncoding encoding);

    /// CMS SignedData version 3 around the security object: content of EF.CardSecurity.
    [[nodiscard]] Bytes sign(View security_object) const;
    /// X.509 certificates, DER.
    [[nodiscard]] const Bytes& authority_certificate() const { return authority_; }
    [[nodiscard]] const Bytes& signer_certificate() const { return signer_; }

  private:
    KeyPair key_;
    Bytes authority_;
    Bytes signer_;
    Bytes issuer_and_serial_;
};

}  // namespace card

// SPDX-License-Identifier: EUPL-1.2
// Terminal Authentication version 2, card side: certificate chain, challenge, signature.
// One object lives as long as one PACE channel. One thread.
// Norm: BSI TR-03110-2 2.2 (PKI), 3.3, TR-03110-3 A.6 (import of certificates), B.3, B.11.
#pragma once

#include "tests/card/random_source.hpp"
#include "tests/card/security_status.hpp"
#include "tests/card/trust_points.hpp"

namespace card {

class TerminalAuthentication {
  public:
    TerminalAuthentication(TrustPoints& trust_points, RandomSource& random)
        : trust_points_(trust_points), random_(random) {}

    /// MSE:Set DST: names the key that verifies the next certificate, 6A88 if there is none.
    [[nodiscard]] StatusWord set_dst(View data, const SecurityStatus& status);
    /// PSO: Verify Certificate. 6985 no key chosen, 6A80 not a certificate, 6A88 other issuer,
    /// 6984 role, signature or date not good. The chosen key is used up.
    [[nodiscard]] StatusWord verify_certificate(View data, const SecurityStatus& status);
    /// MSE:Set AT 81A4: terminal key, its compressed ephemeral key, auxiliary data.
    [[nodiscard]] StatusWord set_at(View data, const SecurityStatus& status);
    /// Eight bytes, good for one EXTERNAL AUTHENTICATE.
    [[nodiscard]] Answer get_challenge(std::size_t expected, const SecurityStatus& status);
    /// 6300 wrong signature, 6985 no challenge, or CAN without the CAN-allowed right.
    [[nodiscard]] StatusWord external_authenticate(View signature, SecurityStatus& status);

  private:
    /// A key that may verify what comes next, and what its holder may hand on.
    struct Link {
        CvCertificate certificate;
        Curve curve;
        Rights rights;  ///< of the chain up to here
    };
    [[nodiscard]] StatusWord judge(const CvCertificate& certificate, const Link& issuer) const;
    [[nodiscard]] StatusWord import(const CvCertificate& certificate, const Link& issuer);

    TrustPoints& trust_points_;
    RandomSource& random_;
    std::optional<Link> temporary_;  ///< last verified DV or terminal certificate
    std::optional<Link> chosen_;     ///< by MSE:Set DST
    struct Setup {
        Bytes compressed_key;
        Bytes auxiliary_template;  ///< 67 as it came; signed as it came
        std::vector<AuxiliaryDatum> auxiliary;
    };
    std::optional<Setup> setup_;
    Bytes challenge_;
};

/// Content of tag 67: templates 73 { 06 oid, 53 value }. Nothing if it is built in any other way.
[[nodiscard]] std::optional<std::vector<AuxiliaryDatum>> parse_auxiliary(View content);

}  // namespace card

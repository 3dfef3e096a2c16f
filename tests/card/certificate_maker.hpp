// SPDX-License-Identifier: EUPL-1.2
// Makes card-verifiable certificates for tests of the card, good ones and wrong ones alike.
// Independent of drivers/pki and of cvc-create. Any thread. Norm: BSI TR-03110-3 C.1, C.3, D.3.
#pragma once

#include "tests/card/cv_certificate.hpp"

namespace card {

enum class Parameters { present, absent };

struct CertificateRequest {
    Role role = Role::terminal;
    std::string authority;
    std::string holder;
    Rights rights{(1ULL << 38U) - 1};
    Date effective = 20260101;
    Date expiration = 20361231;
    Bytes extensions;  ///< templates 73, without the 65 around them
    Parameters parameters = Parameters::absent;
};

/// brainpoolP256r1, SHA-256. Returns the whole certificate, 7F21.
[[nodiscard]] Bytes make_certificate(const CertificateRequest& request, View holder_point,
                                     View issuer_scalar);

/// Content of a sector public key as Restricted Identification carries it (A0, A2).
[[nodiscard]] Bytes sector_key_content(View point);
/// Template 73 with the hashes of the sector keys; an empty content leaves that hash out.
[[nodiscard]] Bytes sector_extension(View first_content, View second_content);

/// A small PKI: one CVCA, one DV, one terminal with two sectors. Keys differ from object to object.
struct TestPki {
    TestPki();
    Curve curve = Curve::brainpool_256();
    KeyPair cvca_key, dv_key, terminal_key, first_sector, second_sector;
    CertificateRequest cvca_request, dv_request, terminal_request;

    [[nodiscard]] Bytes cvca() const;
    [[nodiscard]] Bytes dv() const;
    [[nodiscard]] Bytes terminal() const;
    /// What the card is told: link or DV certificates, then the terminal's.
    [[nodiscard]] std::vector<Bytes> chain() const { return {dv(), terminal()}; }
};

}  // namespace card

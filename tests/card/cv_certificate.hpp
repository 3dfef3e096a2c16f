// SPDX-License-Identifier: EUPL-1.2
// Card-verifiable certificates as a card reads them: strict, complete, without judging trust (that
// is terminal_auth). Pure, any thread. Norm: BSI TR-03110-3 C.1 (profile), C.3 (extensions), D.3.
#pragma once

#include "tests/card/curve.hpp"
#include "tests/card/rights.hpp"

namespace card {

/// YYYYMMDD as one number; orders like the calendar.
using Date = std::uint32_t;

struct CvPublicKey {
    HashId hash = HashId::sha_256;  ///< from id-TA-ECDSA-SHA-*
    Bytes oid;                      ///< value bytes
    std::optional<DomainParameters> parameters;
    Bytes point;
};

struct CvCertificate {
    std::string authority;  ///< CAR
    std::string holder;     ///< CHR
    CvPublicKey key;
    Chat chat;
    Date effective = 0;
    Date expiration = 0;
    Bytes first_sector_hash;   ///< extension id-sector, tag 80; empty = none
    Bytes second_sector_hash;  ///< tag 81
    Bytes body;                ///< 7F4E with its header: what the signature covers
    Bytes signature;
};

/// `body_and_signature` is 7F4E followed by 5F37, as PSO: Verify Certificate carries them.
[[nodiscard]] std::optional<CvCertificate> parse_certificate_body(View body_and_signature);
/// A whole certificate, 7F21.
[[nodiscard]] std::optional<CvCertificate> parse_certificate(View certificate);

/// Six digits, one per byte, years 2000..2099.
[[nodiscard]] std::optional<Date> parse_certificate_date(View digits);

}  // namespace card

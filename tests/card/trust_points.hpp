// SPDX-License-Identifier: EUPL-1.2
// The authorities a card believes (newest first, at most two) and the card's clock, which knows no
// time but the one that certificates bring. Values; one thread.
// Norm: BSI TR-03110-2 2.2.3, 2.2.4 (trust-point update), TR-03110-3 2.5 (current date).
#pragma once

#include "tests/card/cv_certificate.hpp"

namespace card {

struct TrustPoint {
    CvCertificate certificate;
    Curve curve;    ///< of the key; document verifiers and terminals inherit it
    Bytes encoded;  ///< whole certificate, for the state file
};

class TrustPoints {
  public:
    /// Adds a certificate from a file: self-signed and valid in itself, or a link certificate with
    /// domain parameters. The newest effective date comes first; a third one pushes the oldest out.
    [[nodiscard]] bool add_file(View certificate);
    /// Adds what a verified link certificate brought. `issuer` gives the curve if it names none.
    [[nodiscard]] bool add_link(const CvCertificate& link, const Curve& issuer_curve);

    [[nodiscard]] const std::vector<TrustPoint>& all() const { return points_; }
    [[nodiscard]] const TrustPoint* find(std::string_view holder) const;

    [[nodiscard]] Date today() const { return today_; }
    /// The clock only moves forward. Trust points that have expired by then are forgotten, except
    /// the newest, which link certificates may still follow.
    void advance(Date date);

  private:
    void insert(TrustPoint point);
    std::vector<TrustPoint> points_;
    Date today_ = 0;
};

}  // namespace card

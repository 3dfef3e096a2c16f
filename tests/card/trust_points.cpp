// SPDX-License-Identifier: EUPL-1.2
// Trust points and the card's clock: see trust_points.hpp.
#include "tests/card/trust_points.hpp"

#include <algorithm>

#include "tests/card/tlv.hpp"

namespace card {
namespace {

constexpr std::size_t points_max = 2;

}  // namespace

bool TrustPoints::add_file(View encoded) {
    auto certificate = parse_certificate(encoded);
    if (!certificate || certificate->chat.role != Role::cvca) return false;
    if (!certificate->key.parameters) return false;
    auto curve = Curve::from_parameters(*certificate->key.parameters);
    if (!curve || !curve->contains(certificate->key.point)) return false;
    const bool self_signed = certificate->authority == certificate->holder;
    if (self_signed && !curve->verify(certificate->key.hash, certificate->body,
                                      certificate->key.point, certificate->signature)) {
        return false;
    }
    if (find(certificate->holder) != nullptr) return true;
    insert({std::move(*certificate), std::move(*curve), to_bytes(encoded)});
    return true;
}

bool TrustPoints::add_link(const CvCertificate& link, const Curve& issuer_curve) {
    Curve curve = issuer_curve;
    if (link.key.parameters) {
        auto own = Curve::from_parameters(*link.key.parameters);
        if (!own) return false;
        curve = std::move(*own);
    }
    if (!curve.contains(link.key.point)) return false;
    if (find(link.holder) != nullptr) return true;
    // Whole again, so that a state file can bring it back.
    Bytes encoded = tlv(0x7F21, {link.body, tlv(0x5F37, link.signature)});
    insert({link, std::move(curve), std::move(encoded)});
    return true;
}

const TrustPoint* TrustPoints::find(std::string_view holder) const {
    const auto found = std::find_if(points_.begin(), points_.end(), [&](const TrustPoint& point) {
        return point.certificate.holder == holder;
    });
    return found == points_.end() ? nullptr : &*found;
}

void TrustPoints::insert(TrustPoint point) {
    const auto later = [](const TrustPoint& left, const TrustPoint& right) {
        return left.certificate.effective > right.certificate.effective;
    };
    points_.insert(std::upper_bound(points_.begin(), points_.end(), point, later),
                   std::move(point));
    if (points_.size() > points_max) points_.pop_back();
}

void TrustPoints::advance(Date date) {
    today_ = std::max(today_, date);
    if (points_.size() == points_max && points_.back().certificate.expiration < today_) {
        points_.pop_back();
    }
}

}  // namespace card

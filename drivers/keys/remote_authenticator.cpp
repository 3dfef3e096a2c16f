// SPDX-License-Identifier: EUPL-1.2
#include "drivers/keys/remote_authenticator.hpp"

#include <array>
#include <utility>

#include "drivers/base/limits.hpp"
#include "drivers/crypto/digest.hpp"
#include "drivers/crypto/ecdsa.hpp"

namespace keys {
namespace {

using crypto::Curve;

/// A terminal certificate leaves its curve to the CVCA (TR-03110-3 D.3.3); a point lies on one
/// only.
std::optional<crypto::Point> point_on_its_curve(base::ByteView point) {
    for (const Curve curve : {Curve::brainpool_p256r1, Curve::p256, Curve::brainpool_p384r1,
                              Curve::p384, Curve::brainpool_p512r1, Curve::p521}) {
        if (auto parsed = crypto::parse_point(curve, point)) return std::move(*parsed);
    }
    return std::nullopt;
}

/// To a holder it is one thing why the terminal's key is out of reach; the log keeps the reason.
auto out_of_reach(const base::Error& error) {
    return base::fail(base::Errc::signer_failed, error.where,
                      static_cast<std::uint32_t>(error.code));
}

}  // namespace

base::Result<void> RemoteAuthenticator::refresh() {
    const auto answer = service_.certificates();
    if (!answer) return out_of_reach(answer.error());
    const auto& certificates = *answer;
    if (certificates.size() > limits::certificate_pool_max)
        return base::fail(base::Errc::certificate_chain_bad, "signer's certificates");
    TRY(sorted, sort_certificates(certificates, {}));
    auto key = point_on_its_curve(sorted.own.key.point);
    if (!key) return base::fail(base::Errc::key_bad, "signer's certificate");
    own_ = std::move(sorted.own);
    key_ = std::move(key);
    chain_ = more_chain_;
    for (base::Bytes& each : sorted.chain) chain_.push_back(std::move(each));
    return {};
}

base::ByteView RemoteAuthenticator::terminal_certificate() const {
    return own_ ? base::ByteView(own_->whole) : base::ByteView();
}

base::Result<base::Bytes> RemoteAuthenticator::sign(base::ByteView message) {
    if (!own_) return base::fail(base::Errc::signer_failed, "no certificate from the signer");
    auto signature = service_.sign(own_->holder_reference, message);
    if (!signature) return out_of_reach(signature.error());
    const auto digest = crypto::digest(own_->key.hash, message);
    if (!crypto::ecdsa_verify(*key_, digest, *signature))
        return base::fail(base::Errc::signer_failed, "signer's signature");
    return signature;
}

}  // namespace keys

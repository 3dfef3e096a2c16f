// SPDX-License-Identifier: EUPL-1.2
// Terminal authentication with a key that is elsewhere: at the site's eID service. What comes from
// there is checked here before a card sees it, so that a wrong answer is said to be the service's
// fault and not the card's. Card thread. Norms: BSI TR-03110-3 A.7.4, TR-03111 5.2.
#pragma once

#include <optional>
#include <vector>

#include "drivers/crypto/ec.hpp"
#include "drivers/keys/terminal_certificates.hpp"
#include "drivers/port/signing_service.hpp"
#include "drivers/port/terminal_authenticator.hpp"

namespace keys {

class RemoteAuthenticator final : public port::TerminalAuthenticator {
  public:
    /// service     outlives the authenticator.
    /// more_chain  certificates of authorities that lie at the terminal: DER, may be none.
    RemoteAuthenticator(port::SigningService& service, std::vector<base::Bytes> more_chain)
        : service_(service), more_chain_(std::move(more_chain)) {}

    /// Fetches the certificates anew. After a failure the old ones stay, but the error says that
    /// the service could not sign now.
    /// errors  signer_failed (out of reach; detail = Errc of port::SigningService::certificates),
    ///         certificate_bad, certificate_chain_bad, key_bad.
    base::Result<void> refresh() override;
    [[nodiscard]] const std::vector<base::Bytes>& chain_certificates() const override {
        return chain_;
    }
    [[nodiscard]] base::ByteView terminal_certificate() const override;
    /// errors  signer_failed: out of reach (detail = Errc of port::SigningService::sign), no
    ///         certificate yet, or a signature that the certified key did not make (detail 0).
    base::Result<base::Bytes> sign(base::ByteView message) override;

  private:
    port::SigningService& service_;
    std::vector<base::Bytes> more_chain_;
    std::vector<base::Bytes> chain_;
    std::optional<eid::CvCertificate> own_;
    std::optional<crypto::Point> key_;
};

}  // namespace keys

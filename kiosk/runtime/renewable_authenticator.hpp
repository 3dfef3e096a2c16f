// SPDX-License-Identifier: EUPL-1.2
// An authenticator whose certificates can be exchanged between two runs: the real ones live about
// two days, and a terminal is not started anew for that. Card thread, but for construction.
#pragma once

#include <memory>
#include <vector>

#include "kiosk/runtime/terminal_place.hpp"

namespace runtime {

class RenewableAuthenticator final : public port::TerminalAuthenticator {
  public:
    /// errors  those of make_authenticator. Ports outlive it.
    static base::Result<std::unique_ptr<RenewableAuthenticator>> create(
        const std::vector<base::Bytes>& certificates, const AuthenticatorPorts& ports) {
        TRY(inner, make_authenticator(certificates, ports));
        return std::unique_ptr<RenewableAuthenticator>(
            new RenewableAuthenticator(std::move(inner), ports));
    }
    /// Goes on with these; after an error with the old ones. errors: as create.
    base::Result<void> renew(const std::vector<base::Bytes>& certificates) {
        TRY(inner, make_authenticator(certificates, ports_));
        inner_ = std::move(inner);
        return {};
    }
    base::Result<void> refresh() override { return inner_->refresh(); }
    [[nodiscard]] const std::vector<base::Bytes>& chain_certificates() const override {
        return inner_->chain_certificates();
    }
    [[nodiscard]] base::ByteView terminal_certificate() const override {
        return inner_->terminal_certificate();
    }
    base::Result<base::Bytes> sign(base::ByteView message) override {
        return inner_->sign(message);
    }

  private:
    RenewableAuthenticator(std::unique_ptr<port::TerminalAuthenticator> inner,
                           const AuthenticatorPorts& ports)
        : inner_(std::move(inner)), ports_(ports) {}
    std::unique_ptr<port::TerminalAuthenticator> inner_;
    AuthenticatorPorts ports_;
};

}  // namespace runtime

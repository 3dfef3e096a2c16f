// SPDX-License-Identifier: EUPL-1.2
// What proves to a card that this terminal may read it: a certificate chain and a signature made on
// request. The key may be in a file, on a token, or at the site's eID service behind syncd. Card
// thread; may block.
#pragma once

#include <string_view>
#include <vector>

#include "drivers/base/bytes.hpp"
#include "drivers/base/result.hpp"

namespace port {

class TerminalAuthenticator {
  public:
    virtual ~TerminalAuthenticator() = default;

    /// All CV certificates this terminal holds besides its own: link and DV certificates, DER, any
    /// order.
    [[nodiscard]] virtual const std::vector<base::Bytes>& chain_certificates() const = 0;
    /// The terminal's own CV certificate, DER.
    [[nodiscard]] virtual base::ByteView terminal_certificate() const = 0;

    /// Signs `message` (id of the chip || challenge || compressed ephemeral key || auxiliary data)
    /// with the terminal key and the hash of the certificate's TA object identifier. returns  plain
    /// signature r || s, each as long as the curve's order (BSI TR-03111 5.2.1). errors
    /// signer_failed, network_unreachable, network_timeout.
    virtual base::Result<base::Bytes> sign(base::ByteView message) = 0;
};

}  // namespace port

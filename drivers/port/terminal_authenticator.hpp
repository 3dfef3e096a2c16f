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

    /// Brings certificates and key within reach, before a holder is asked for a secret: a signer
    /// that is away is then said in time. Nothing to do for a key at the terminal itself.
    /// errors  signer_failed, certificate_bad, key_bad, certificate_chain_bad.
    virtual base::Result<void> refresh() { return {}; }

    /// All CV certificates this terminal holds besides its own: link and DV certificates, DER, any
    /// order.
    [[nodiscard]] virtual const std::vector<base::Bytes>& chain_certificates() const = 0;
    /// The terminal's own CV certificate, DER; empty before the first good refresh() of a remote
    /// signer.
    [[nodiscard]] virtual base::ByteView terminal_certificate() const = 0;

    /// Signs `message` (id of the chip || challenge || compressed ephemeral key || auxiliary data)
    /// with the terminal key and the hash of the certificate's TA object identifier. returns  plain
    /// signature r || s, each as long as the curve's order (BSI TR-03111 5.2.1). errors
    /// signer_failed.
    virtual base::Result<base::Bytes> sign(base::ByteView message) = 0;
};

}  // namespace port

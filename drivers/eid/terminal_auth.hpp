// SPDX-License-Identifier: EUPL-1.2
// Terminal authentication version 2: shows the card the certificate chain and proves the terminal's
// key. The certificates and the signature come through port::TerminalAuthenticator. Card thread
// only; keeps nothing after return. Norms: BSI TR-03110-2 3.3 (protocol), TR-03110-3 A.7.4 (ECDSA),
// B.3 and B.14 (commands).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "drivers/base/result.hpp"
#include "drivers/crypto/ec.hpp"
#include "drivers/eid/channel.hpp"
#include "drivers/eid/cv_certificate.hpp"
#include "drivers/port/terminal_authenticator.hpp"

namespace eid {

/// The parsed certificates of one authenticator.
struct TerminalChain {
    CvCertificate terminal;
    std::vector<CvCertificate> pool;  ///< CVCA, link and DV certificates, any order

    /// Effective rights as far as the certificates at hand say: terminal and those issuers of it in
    /// the pool.
    [[nodiscard]] Rights rights() const;
    /// Authorities that nobody in the pool has certified: where its chains begin.
    [[nodiscard]] std::vector<std::string> roots() const;
};

/// errors  certificate_bad; certificate_chain_bad if the terminal certificate is none or there are
///         too many.
base::Result<TerminalChain> load_chain(const port::TerminalAuthenticator& authenticator);

/// Checks before the card is asked for: terminal certificate within its dates, and so its issuers
/// in the pool.
/// errors  certificate_expired (also: not yet valid).
base::Result<void> check_dates(const TerminalChain& chain, const Date& today);

struct TerminalAuthInput {
    std::vector<std::string> card_references;  ///< from PACE
    base::ByteView chip_id;                    ///< from PACE
    base::ByteView
        ephemeral_key;  ///< Comp(PK): x coordinate, zero padded, of the key for chip authentication
    base::ByteView auxiliary;  ///< encoded auxiliary data, tag 67, or empty
};

/// Verifies the chain on the card and authenticates the terminal.
/// errors  certificate_chain_bad (no path from the card's CARs), terminal_auth_refused (detail =
///         status word), certificate_expired (6984 on a certificate: dates, or an unknown
///         signature), those of the authenticator and of Channel.
/// cost    2 APDUs per certificate, and 3.
base::Result<void> run_terminal_auth(Channel& channel, const TerminalChain& chain,
                                     port::TerminalAuthenticator& authenticator,
                                     const TerminalAuthInput& input);

}  // namespace eid

// SPDX-License-Identifier: EUPL-1.2
// Sorts a heap of CV certificates into the terminal's own and the rest. Apart from the
// authenticators because a local key and a remote signer choose by the same rules. Pure, any
// thread.
#pragma once

#include <optional>
#include <vector>

#include "drivers/base/result.hpp"
#include "drivers/eid/cv_certificate.hpp"

namespace keys {

struct TerminalCertificates {
    eid::CvCertificate own;
    std::vector<base::Bytes> chain;  ///< every other readable certificate that is no terminal's
};

/// certificates  CV certificates, DER, any order. What is unreadable, of another kind or the
///               terminal certificate of another key is passed over; of several the longest
///               lasting counts.
/// point         the terminal's public key, 04 || x || y; nothing = whichever is certified.
/// errors        key_bad (only terminal certificates of other keys), certificate_bad (none is
///               readable as one), certificate_chain_bad (no terminal certificate at all).
base::Result<TerminalCertificates> sort_certificates(const std::vector<base::Bytes>& certificates,
                                                     std::optional<base::ByteView> point);

}  // namespace keys

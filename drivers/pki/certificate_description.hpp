// SPDX-License-Identifier: EUPL-1.2
// The certificate description: who reads the card and why, in words. A terminal certificate carries
// its hash, and the person is shown its content before the PIN (LR-76). Pure functions, any thread.
// Norm: BSI TR-03110-3 C.3.1.
#pragma once

#include <string>

#include "drivers/base/bytes.hpp"

namespace pki {

/// All texts UTF-8; the addresses are plain ASCII and may be empty (then they are left out).
struct CertificateDescription {
    std::string issuer_name;
    std::string issuer_url;
    std::string subject_name;
    std::string subject_url;
    std::string
        terms_of_usage;  ///< plain text: provider with address, purpose, data-protection authority
};

/// DER of the CertificateDescription with terms in plain text (id-plainFormat).
[[nodiscard]] base::Bytes encode(const CertificateDescription& description);

}  // namespace pki

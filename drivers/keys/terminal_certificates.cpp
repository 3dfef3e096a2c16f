// SPDX-License-Identifier: EUPL-1.2
#include "drivers/keys/terminal_certificates.hpp"

#include <utility>

namespace keys {

base::Result<TerminalCertificates> sort_certificates(const std::vector<base::Bytes>& certificates,
                                                     std::optional<base::ByteView> point) {
    std::vector<base::Bytes> chain;
    std::optional<eid::CvCertificate> own;
    std::optional<base::Error> unreadable;
    bool foreign_key = false;
    for (const base::Bytes& der : certificates) {
        auto certificate = eid::parse_cv_certificate(der);
        if (!certificate) {
            if (!unreadable) unreadable = certificate.error();
            continue;
        }
        if (certificate->chat.role != eid::Role::terminal) {
            chain.push_back(der);
            continue;
        }
        if (point && !base::equal(certificate->key.point, *point)) {
            foreign_key = true;
            continue;
        }
        if (own && own->expiration >= certificate->expiration) continue;
        own = std::move(*certificate);
    }
    if (own) return TerminalCertificates{std::move(*own), std::move(chain)};
    if (foreign_key) return base::fail(base::Errc::key_bad, "key is not the certified one");
    if (unreadable) return tl::unexpected(*unreadable);
    return base::fail(base::Errc::certificate_chain_bad, "no terminal certificate");
}

}  // namespace keys

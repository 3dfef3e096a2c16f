// SPDX-License-Identifier: EUPL-1.2
#include "drivers/keys/local_authenticator.hpp"

#include <optional>
#include <utility>

#include "drivers/crypto/digest.hpp"
#include "drivers/crypto/ecdsa.hpp"
#include "drivers/eid/cv_certificate.hpp"

namespace keys {

base::Result<LocalAuthenticator> LocalAuthenticator::create(
    const std::vector<base::Bytes>& certificates, port::KeyStore& store, std::string key_name) {
    LocalAuthenticator out(store, std::move(key_name));
    TRY(point, store.public_point(out.key_name_));
    std::optional<base::Error> unreadable;
    std::optional<eid::Date> expiration;
    bool foreign_key = false;
    for (const base::Bytes& der : certificates) {
        const auto certificate = eid::parse_cv_certificate(der);
        if (!certificate) {
            if (!unreadable) unreadable = certificate.error();
            continue;
        }
        if (certificate->chat.role != eid::Role::terminal) {
            out.chain_.push_back(der);
            continue;
        }
        if (!base::equal(certificate->key.point, point)) {
            foreign_key = true;
            continue;
        }
        if (expiration && *expiration >= certificate->expiration) continue;
        expiration = certificate->expiration;
        out.terminal_ = der;
        out.hash_ = certificate->key.hash;
    }
    if (!out.terminal_.empty()) return out;
    if (foreign_key) return base::fail(base::Errc::key_bad, "key is not the certified one");
    if (unreadable) return tl::unexpected(*unreadable);
    return base::fail(base::Errc::certificate_chain_bad, "no terminal certificate");
}

base::Result<base::Bytes> LocalAuthenticator::sign(base::ByteView message) {
    return store_->sign_digest(key_name_, crypto::digest(hash_, message));
}

base::Result<base::Bytes> MemoryKeyStore::public_point(std::string_view) {
    return key_.point.bytes;
}

base::Result<base::Bytes> MemoryKeyStore::sign_digest(std::string_view, base::ByteView digest) {
    return crypto::ecdsa_sign(key_, digest, random_);
}

}  // namespace keys

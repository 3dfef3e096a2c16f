// SPDX-License-Identifier: EUPL-1.2
#include "drivers/keys/local_authenticator.hpp"

#include <utility>

#include "drivers/crypto/digest.hpp"
#include "drivers/crypto/ecdsa.hpp"
#include "drivers/eid/cv_certificate.hpp"

namespace keys {

base::Result<LocalAuthenticator> LocalAuthenticator::create(
    const std::vector<base::Bytes>& certificates, port::KeyStore& store, std::string key_name) {
    LocalAuthenticator out(store, std::move(key_name));
    base::Bytes certified_point;
    for (const base::Bytes& der : certificates) {
        TRY(certificate, eid::parse_cv_certificate(der));
        if (certificate.chat.role != eid::Role::terminal) {
            out.chain_.push_back(der);
            continue;
        }
        if (!out.terminal_.empty()) {
            return base::fail(base::Errc::certificate_chain_bad, "two terminal certificates");
        }
        out.terminal_ = der;
        out.hash_ = certificate.key.hash;
        certified_point = certificate.key.point;
    }
    if (out.terminal_.empty()) {
        return base::fail(base::Errc::certificate_chain_bad, "no terminal certificate");
    }
    TRY(point, store.public_point(out.key_name_));
    if (!base::equal(point, certified_point)) {
        return base::fail(base::Errc::key_bad, "key is not the certified one");
    }
    return out;
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

// SPDX-License-Identifier: EUPL-1.2
#include "drivers/keys/local_authenticator.hpp"

#include <utility>

#include "drivers/crypto/digest.hpp"
#include "drivers/crypto/ecdsa.hpp"
#include "drivers/keys/terminal_certificates.hpp"

namespace keys {

base::Result<LocalAuthenticator> LocalAuthenticator::create(
    const std::vector<base::Bytes>& certificates, port::KeyStore& store, std::string key_name) {
    LocalAuthenticator out(store, std::move(key_name));
    TRY(point, store.public_point(out.key_name_));
    TRY(sorted, sort_certificates(certificates, point));
    out.terminal_ = std::move(sorted.own.whole);
    out.chain_ = std::move(sorted.chain);
    out.hash_ = sorted.own.key.hash;
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

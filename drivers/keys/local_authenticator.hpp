// SPDX-License-Identifier: EUPL-1.2
// Terminal authentication with a key at the terminal itself: certificates from files, signatures
// from a key store (a file in development, a token on the device). Card thread, like the store it
// uses. Norm: BSI TR-03110-3 A.7.4.
#pragma once

#include <string>
#include <vector>

#include "drivers/crypto/digest.hpp"
#include "drivers/crypto/ec.hpp"
#include "drivers/port/key_store.hpp"
#include "drivers/port/random.hpp"
#include "drivers/port/terminal_authenticator.hpp"

namespace keys {

class LocalAuthenticator final : public port::TerminalAuthenticator {
  public:
    /// Sorts the certificates and finds the one of the key.
    /// certificates  CV certificates, DER, any order. What is unreadable, of another kind or the
    ///               terminal certificate of another key is passed over; of several for this key
    ///               the longest lasting counts.
    /// store         outlives the authenticator.
    /// errors        key_bad (no such key, or only terminal certificates of other keys),
    ///               certificate_bad, certificate_chain_bad (no terminal certificate at all).
    static base::Result<LocalAuthenticator> create(const std::vector<base::Bytes>& certificates,
                                                   port::KeyStore& store, std::string key_name);

    [[nodiscard]] const std::vector<base::Bytes>& chain_certificates() const override {
        return chain_;
    }
    [[nodiscard]] base::ByteView terminal_certificate() const override { return terminal_; }
    base::Result<base::Bytes> sign(base::ByteView message) override;

  private:
    LocalAuthenticator(port::KeyStore& store, std::string key_name)
        : store_(&store), key_name_(std::move(key_name)) {}

    port::KeyStore* store_;
    std::string key_name_;
    base::Bytes terminal_;
    std::vector<base::Bytes> chain_;
    crypto::Hash hash_ = crypto::Hash::sha256;
};

/// One key in memory behind the key store's port: for the technician's tool and tests.
class MemoryKeyStore final : public port::KeyStore {
  public:
    /// random  outlives the store.
    MemoryKeyStore(crypto::KeyPair key, port::Random& random)
        : key_(std::move(key)), random_(random) {}
    base::Result<base::Bytes> public_point(std::string_view key_name) override;
    base::Result<base::Bytes> sign_digest(std::string_view key_name,
                                          base::ByteView digest) override;

  private:
    crypto::KeyPair key_;
    port::Random& random_;
};

}  // namespace keys

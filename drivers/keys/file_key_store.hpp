// SPDX-License-Identifier: EUPL-1.2
// Keys in a folder, one PKCS#8 DER file `<name>.key` each, mode 0600: the store for development,
// demo and tests. A device keeps its keys on a token behind the same port. Keys are read when the
// store opens and stay in Secrets. Not shared between threads: signing draws from the caller's
// random source.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "drivers/crypto/ec.hpp"
#include "drivers/port/key_store.hpp"
#include "drivers/port/random.hpp"

namespace keys {

class FileKeyStore final : public port::KeyStore {
  public:
    /// Reads every `*.key` of the folder. One unusable file fails the whole: a terminal that lost a
    /// key must say so at start and not at its first signature. random  outlives the store. errors
    /// file_io, key_bad (mode too open, not an EC key), message_too_large.
    static base::Result<FileKeyStore> open(const std::filesystem::path& folder,
                                           port::Random& random);

    base::Result<base::Bytes> public_point(std::string_view key_name) override;
    base::Result<base::Bytes> sign_digest(std::string_view key_name,
                                          base::ByteView digest) override;

    /// The key itself, for what the port does not offer (a TLS client key). errors: key_bad.
    [[nodiscard]] base::Result<const crypto::KeyPair*> key(std::string_view key_name) const;

  private:
    explicit FileKeyStore(port::Random& random) : random_(&random) {}

    port::Random* random_;
    std::map<std::string, crypto::KeyPair, std::less<>> keys_;
};

/// Writes a new key as `<folder>/<name>.key`; never replaces one.
/// name    1..64 characters of a-z, 0-9, '-' (else config_bad).
/// errors  config_bad, file_io (detail EEXIST if the key is there).
base::Result<void> create_key_file(const std::filesystem::path& folder, std::string_view key_name,
                                   const crypto::KeyPair& key);

}  // namespace keys

// SPDX-License-Identifier: EUPL-1.2
// Keys in a folder, see file_key_store.hpp.
#include "drivers/keys/file_key_store.hpp"

#include <cerrno>

#include "drivers/crypto/ecdsa.hpp"
#include "drivers/crypto/key_file.hpp"
#include "drivers/keys/key_place.hpp"
#include "drivers/keys/private_file.hpp"

namespace keys {

namespace {

using base::Errc;

// PKCS#8 of a P-521 key with explicit parameters stays below 1 kB; four times that is no key.
constexpr std::size_t key_file_bytes_max = 4'096;
// A terminal has a handful; a folder with hundreds is the wrong folder.
constexpr std::size_t key_files_max = 64;

base::Result<crypto::KeyPair> load(const std::filesystem::path& path) {
    TRY(content, read_file(path, key_file_bytes_max, Access::owner_only));
    auto key = crypto::parse_private_key(content);
    base::wipe(content);
    return key;
}

}  // namespace

base::Result<FileKeyStore> FileKeyStore::open(const std::filesystem::path& folder,
                                              port::Random& random) {
    std::error_code error;
    std::filesystem::directory_iterator entries(folder, error);
    if (error) {
        return base::fail(Errc::file_io, "key folder", static_cast<std::uint32_t>(error.value()));
    }
    FileKeyStore store(random);
    const std::filesystem::directory_iterator end;
    while (entries != end) {
        const std::filesystem::path path = entries->path();
        if (path.extension() == ".key") {
            if (store.keys_.size() == key_files_max) return base::fail(Errc::key_bad, "key count");
            TRY(key, load(path));
            store.keys_.emplace(path.stem().string(), std::move(key));
        }
        entries.increment(error);
        if (error) {
            return base::fail(Errc::file_io, "key folder",
                              static_cast<std::uint32_t>(error.value()));
        }
    }
    return store;
}

base::Result<const crypto::KeyPair*> FileKeyStore::key(std::string_view key_name) const {
    const auto found = keys_.find(key_name);
    if (found == keys_.end()) return base::fail(Errc::key_bad, "key name");
    return &found->second;
}

base::Result<base::Bytes> FileKeyStore::public_point(std::string_view key_name) {
    TRY(found, key(key_name));
    return found->point.bytes;
}

base::Result<base::Bytes> FileKeyStore::sign_digest(std::string_view key_name,
                                                    base::ByteView digest) {
    if (digest.size() < 20 || digest.size() > 64) {
        return base::fail(Errc::crypto_failed, "digest size");
    }
    TRY(found, key(key_name));
    return crypto::ecdsa_sign(*found, digest, *random_);
}

base::Result<void> create_key_file(const std::filesystem::path& folder, std::string_view key_name,
                                   const crypto::KeyPair& key) {
    if (!key_name_ok(key_name)) return base::fail(Errc::config_bad, "key name");
    base::Bytes encoded = crypto::write_private_key(key);
    auto created =
        create_file(folder / (std::string(key_name) + ".key"), encoded, Access::owner_only);
    base::wipe(encoded);
    return created;
}

}  // namespace keys

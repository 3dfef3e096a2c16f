// SPDX-License-Identifier: EUPL-1.2
#include "drivers/keys/key_place.hpp"

#include <algorithm>
#include <utility>

#include "drivers/keys/file_key_store.hpp"
#include "drivers/keys/pkcs11_key_store.hpp"

namespace keys {
namespace {

constexpr std::size_t key_name_chars_max = 64;

}  // namespace

bool key_name_ok(std::string_view name) {
    if (name.empty() || name.size() > key_name_chars_max) return false;
    return std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    });
}

base::Result<std::unique_ptr<port::KeyStore>> open_key_store(const KeyPlace& place,
                                                             port::Random& random) {
    std::unique_ptr<port::KeyStore> out;
    if (place.token.uri.empty()) {
        TRY(files, FileKeyStore::open(place.folder, random));
        out = std::make_unique<FileKeyStore>(std::move(files));
    } else {
        TRY(token, Pkcs11KeyStore::open(place.token));
        out = std::make_unique<Pkcs11KeyStore>(std::move(token));
    }
    return out;
}

}  // namespace keys

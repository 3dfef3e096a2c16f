// SPDX-License-Identifier: EUPL-1.2
// Where a terminal's private keys are: a folder of files or a token, as its configuration says; and
// the one function that opens either behind the port. Any thread; one store a thread.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "drivers/base/result.hpp"
#include "drivers/port/key_store.hpp"
#include "drivers/port/random.hpp"

namespace keys {

/// A token and how to reach it.
struct TokenPlace {
    std::string uri;     ///< RFC 7512: token, serial ..., object; pin-source for its PIN
    std::string module;  ///< absolute path of a PKCS#11 module; empty = p11-kit's configuration
};

struct KeyPlace {
    std::filesystem::path folder;  ///< of key files; not looked at if a token is named
    TokenPlace token;              ///< empty uri = no token
};

/// What a key may be called here: 1..64 characters of a-z, 0-9, '-'.
[[nodiscard]] bool key_name_ok(std::string_view name);

/// Opens the token if one is named, else the folder. A named token that is not there is an error:
/// nothing falls back to files, or a pulled token would change whose keys a terminal signs with.
/// random   outlives the store.
/// errors   those of FileKeyStore::open or Pkcs11KeyStore::open.
base::Result<std::unique_ptr<port::KeyStore>> open_key_store(const KeyPlace& place,
                                                             port::Random& random);

}  // namespace keys

// SPDX-License-Identifier: EUPL-1.2
// Private keys that never leave their place: a file in development, a PKCS#11 token on the device.
// Keys are named by their purpose; all are EC keys. Any thread, one call at a time.
#pragma once

#include <string_view>

#include "drivers/base/bytes.hpp"
#include "drivers/base/result.hpp"

namespace port {

class KeyStore {
  public:
    virtual ~KeyStore() = default;
    /// Public key as an uncompressed point (04 || x || y). errors: key_bad (no such key).
    virtual base::Result<base::Bytes> public_point(std::string_view key_name) = 0;
    /// ECDSA over a finished digest (20..64 bytes). returns r || s. errors: key_bad, crypto_failed.
    virtual base::Result<base::Bytes> sign_digest(std::string_view key_name,
                                                  base::ByteView digest) = 0;
};

}  // namespace port

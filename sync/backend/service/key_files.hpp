// SPDX-License-Identifier: EUPL-1.2
// The backend's own private keys, read from files that only it may read. Main thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "drivers/base/result.hpp"
#include "drivers/crypto/ec.hpp"

namespace backend {

/// A private key on P-256, PKCS#8 DER or PEM. errors: file_io, key_bad (also: mode too open).
base::Result<crypto::KeyPair> read_p256_key(const std::string& file);

/// The same for a list of files, separated by commas, the present key first.
/// errors  as above; config_bad (a name is empty, or more than keys_in_list_max).
base::Result<std::vector<crypto::KeyPair>> read_p256_keys(std::string_view files);
/// While keys are exchanged there are two; eight is a key a quarter for two years of sealed
/// records.
inline constexpr std::size_t keys_in_list_max = 8;

}  // namespace backend

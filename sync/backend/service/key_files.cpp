// SPDX-License-Identifier: EUPL-1.2
#include "sync/backend/service/key_files.hpp"

#include "drivers/base/limits.hpp"
#include "drivers/crypto/key_file.hpp"
#include "drivers/keys/private_file.hpp"

namespace backend {

base::Result<crypto::KeyPair> read_p256_key(const std::string& file) {
    TRY(bytes, keys::read_file(file, limits::config_bytes_max, keys::Access::owner_only));
    auto key = crypto::parse_private_key(bytes);
    base::wipe(bytes);
    if (key && key->point.curve != crypto::Curve::p256)
        return base::fail(base::Errc::key_bad, "backend.curve");
    return key;
}

base::Result<std::vector<crypto::KeyPair>> read_p256_keys(std::string_view files) {
    std::vector<crypto::KeyPair> keys;
    while (true) {
        const auto comma = files.find(',');
        const std::string name(files.substr(0, comma));
        if (name.empty() || keys.size() == keys_in_list_max)
            return base::fail(base::Errc::config_bad, "backend.key_list");
        TRY(key, read_p256_key(name));
        keys.push_back(std::move(key));
        if (comma == std::string_view::npos) return keys;
        files.remove_prefix(comma + 1);
    }
}

}  // namespace backend

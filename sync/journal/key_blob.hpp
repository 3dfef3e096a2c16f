// SPDX-License-Identifier: EUPL-1.2
// Public keys as the journal's file keeps them: P-256 points, one behind the other, so that the
// file can be verified without anything beside it. Private to this folder. Pure.
#pragma once

#include <algorithm>
#include <vector>

#include "drivers/base/result.hpp"
#include "drivers/crypto/ec.hpp"

namespace journal {

/// 04 || x || y on P-256.
inline constexpr std::size_t key_blob_point_bytes = 65;

[[nodiscard]] inline base::Bytes key_blob(const std::vector<crypto::Point>& keys) {
    base::Bytes blob;
    for (const crypto::Point& key : keys) base::append(blob, key.bytes);
    return blob;
}

/// errors  key_bad: the file was changed.
[[nodiscard]] inline base::Result<std::vector<crypto::Point>> keys_of_blob(base::ByteView blob) {
    std::vector<crypto::Point> keys;
    while (!blob.empty()) {
        const auto size = std::min(key_blob_point_bytes, blob.size());
        TRY(key, crypto::parse_point(crypto::Curve::p256, blob.first(size)));
        keys.push_back(std::move(key));
        blob = blob.subspan(size);
    }
    return keys;
}

}  // namespace journal

// SPDX-License-Identifier: EUPL-1.2
// Makes .mo files byte by byte, so that each field can be broken on purpose. Tests only.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "drivers/base/bytes.hpp"

namespace mo_maker {

using Pairs = std::vector<std::pair<std::string, std::string>>;

inline void put_u32(base::Bytes& out, std::uint32_t value, bool big_endian) {
    for (unsigned i = 0; i < 4; ++i) {
        const unsigned shift = 8 * (big_endian ? 3 - i : i);
        out.push_back(static_cast<std::uint8_t>(value >> shift));
    }
}

/// A valid file of these texts.
inline base::Bytes make(const Pairs& pairs, bool big_endian = false) {
    const auto count = static_cast<std::uint32_t>(pairs.size());
    base::Bytes out;
    const std::uint32_t ids = 28;
    const std::uint32_t texts = ids + 8 * count;
    for (const std::uint32_t field : {0x950412deU, 0U, count, ids, texts, 0U, texts + 8 * count}) {
        put_u32(out, field, big_endian);
    }
    std::uint32_t offset = texts + 8 * count;
    std::string data;
    const auto entry = [&](const std::string& text) {
        put_u32(out, static_cast<std::uint32_t>(text.size()), big_endian);
        put_u32(out, offset + static_cast<std::uint32_t>(data.size()), big_endian);
        data += text;
        data += '\0';
    };
    for (const auto& pair : pairs) entry(pair.first);
    for (const auto& pair : pairs) entry(pair.second);
    base::append(out, base::as_bytes(data));
    return out;
}

}  // namespace mo_maker

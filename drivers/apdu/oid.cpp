// SPDX-License-Identifier: EUPL-1.2
#include "drivers/apdu/oid.hpp"

namespace apdu {

std::string oid_text(base::ByteView value) {
    std::string text;
    std::uint64_t arc = 0;
    for (std::size_t i = 0; i < value.size(); ++i) {
        if (arc >> 56U != 0) return {};
        arc = arc << 7U | (value[i] & 0x7FU);
        if ((value[i] & 0x80U) != 0) {
            if (i + 1 == value.size()) return {};
            continue;
        }
        if (text.empty()) {
            const std::uint64_t first = arc < 80 ? arc / 40 : 2;
            text = std::to_string(first) + "." + std::to_string(arc - 40 * first);
        } else {
            text += "." + std::to_string(arc);
        }
        arc = 0;
    }
    return text;
}

bool oid_starts_with(base::ByteView value, base::ByteView prefix) {
    return value.size() >= prefix.size() && base::equal(value.first(prefix.size()), prefix);
}

}  // namespace apdu

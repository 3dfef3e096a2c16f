// SPDX-License-Identifier: EUPL-1.2
#include "sync/receipts/base64.hpp"

#include <algorithm>

#include "drivers/base/encoding.hpp"

namespace receipts {

std::string to_base64(base::ByteView bytes) {
    std::string text = base::to_base64url(bytes);
    std::ranges::replace(text, '-', '+');
    std::ranges::replace(text, '_', '/');
    text.append((4 - text.size() % 4) % 4, '=');
    return text;
}

std::optional<base::Bytes> from_base64(std::string_view text) {
    if (text.empty() || text.size() % 4 != 0) return std::nullopt;
    if (text.find_first_of("-_") != std::string_view::npos) return std::nullopt;
    for (int i = 0; i < 2 && text.ends_with('='); ++i) text.remove_suffix(1);
    std::string url(text);
    std::ranges::replace(url, '+', '-');
    std::ranges::replace(url, '/', '_');
    return base::from_base64url(url);
}

}  // namespace receipts

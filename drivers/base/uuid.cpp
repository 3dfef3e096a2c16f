// SPDX-License-Identifier: EUPL-1.2
#include "drivers/base/uuid.hpp"

#include <algorithm>

#include "drivers/base/encoding.hpp"

namespace base {

Uuid make_uuid7(std::uint64_t unix_ms, const std::array<std::uint8_t, 10>& random) {
    std::array<std::uint8_t, 16> bytes{};
    for (std::size_t i = 0; i < 6; ++i) {
        bytes[i] = static_cast<std::uint8_t>(unix_ms >> (8 * (5 - i)));
    }
    std::copy(random.begin(), random.end(), bytes.begin() + 6);
    bytes[6] = static_cast<std::uint8_t>(0x70U | (bytes[6] & 0x0FU));  // version 7
    bytes[8] = static_cast<std::uint8_t>(0x80U | (bytes[8] & 0x3FU));  // variant 10
    return Uuid(bytes);
}

std::string to_text(const Uuid& uuid) {
    std::string text = to_hex(uuid.get());
    for (const std::size_t at : {8U, 13U, 18U, 23U}) text.insert(at, 1, '-');
    return text;
}

std::optional<Uuid> parse_uuid(std::string_view text) {
    if (text.size() != 36) return std::nullopt;
    std::string digits;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool hyphen = i == 8 || i == 13 || i == 18 || i == 23;
        if (hyphen != (text[i] == '-')) return std::nullopt;
        if (!hyphen) digits.push_back(text[i]);
    }
    const auto bytes = from_hex(digits);
    if (!bytes) return std::nullopt;
    std::array<std::uint8_t, 16> array{};
    std::ranges::copy(*bytes, array.begin());
    return Uuid(array);
}

}  // namespace base

// SPDX-License-Identifier: EUPL-1.2
#include "drivers/apdu/atr.hpp"

namespace apdu {
namespace {

/// TS, T0, then groups of interface bytes as the high digits announce them, then the historical
/// bytes.
std::optional<base::ByteView> historical_bytes(base::ByteView atr) {
    if (atr.size() < 2) return std::nullopt;
    const std::size_t count = atr[1] & 0x0FU;
    unsigned announced = atr[1] >> 4U;
    std::size_t at = 2;
    while (announced != 0) {
        at += (announced & 1U) + (announced >> 1U & 1U) + (announced >> 2U & 1U);
        if ((announced & 8U) == 0) break;
        if (at >= atr.size()) return std::nullopt;
        announced = atr[at++] >> 4U;
    }
    if (at + count > atr.size()) return std::nullopt;
    return atr.subspan(at, count);
}

}  // namespace

std::optional<CardCapabilities> capabilities_of(base::ByteView atr) {
    const auto historical = historical_bytes(atr);
    // Category 80: compact TLV objects up to the end; tag 7 holds the capabilities.
    if (!historical || historical->empty() || historical->front() != 0x80) return std::nullopt;
    base::ByteView rest = historical->subspan(1);
    while (!rest.empty()) {
        const std::size_t size = rest[0] & 0x0FU;
        if (size + 1 > rest.size()) return std::nullopt;
        if (rest[0] >> 4U == 0x7 && size >= 3) {
            const unsigned third = rest[3];
            return CardCapabilities{(third & 0x80U) != 0, (third & 0x40U) != 0,
                                    (third & 0x60U) == 0x60};
        }
        rest = rest.subspan(size + 1);
    }
    return std::nullopt;
}

}  // namespace apdu

// SPDX-License-Identifier: EUPL-1.2
#include "drivers/pcsc/reader_features.hpp"

namespace pcsc {
namespace {

constexpr std::uint8_t property_max_apdu_bytes = 0x0A;
constexpr std::size_t number_bytes = 4;

/// Walks a list of 1-byte tags and 1-byte lengths; nothing if the tag is absent or the list is cut
/// before it.
std::optional<base::ByteView> find(base::ByteView list, std::uint8_t tag) {
    while (list.size() >= 2) {
        const std::size_t size = list[1];
        if (list.size() < 2 + size) return std::nullopt;
        if (list[0] == tag) return list.subspan(2, size);
        list = list.subspan(2 + size);
    }
    return std::nullopt;
}

}  // namespace

std::optional<std::uint32_t> control_code_of(base::ByteView list, Feature feature) {
    const auto code = find(list, static_cast<std::uint8_t>(feature));
    if (!code || code->size() != number_bytes) return std::nullopt;
    return base::read_u32(*code);
}

std::optional<std::size_t> apdu_bytes_of(base::ByteView properties) {
    const auto value = find(properties, property_max_apdu_bytes);
    if (!value || value->size() != number_bytes) return std::nullopt;
    std::size_t bytes = 0;
    for (std::size_t i = number_bytes; i-- > 0;) bytes = bytes << 8U | (*value)[i];
    return bytes;
}

}  // namespace pcsc

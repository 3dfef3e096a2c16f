// SPDX-License-Identifier: EUPL-1.2
// CHAT coding: see rights.hpp.
#include "tests/card/rights.hpp"

#include "tests/card/oid.hpp"
#include "tests/card/tlv.hpp"

namespace card {

std::optional<Chat> parse_chat(View content) {
    const auto objects = parse_tlv(content);
    if (!objects || objects->size() != 2) return std::nullopt;
    const Tlv& type = (*objects)[0];
    const Tlv& authorization = (*objects)[1];
    if (type.tag != 0x06 || !same(type.value, oid::role_at)) return std::nullopt;
    if (authorization.tag != 0x53 || authorization.value.size() != 5) return std::nullopt;
    std::uint64_t number = 0;
    for (const std::uint8_t byte : authorization.value) number = number << 8U | byte;
    return Chat{static_cast<Role>(number >> 38U), Rights{number & ((1ULL << 38U) - 1)}};
}

Bytes encode_chat(const Chat& chat) {
    const std::uint64_t number = static_cast<std::uint64_t>(chat.role) << 38U | chat.rights.bits;
    Bytes five;
    for (unsigned shift = 40; shift > 0; shift -= 8) {
        five.push_back(static_cast<std::uint8_t>(number >> (shift - 8)));
    }
    return tlv(0x7F4C, {tlv(0x06, oid::role_at), tlv(0x53, five)});
}

}  // namespace card

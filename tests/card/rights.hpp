// SPDX-License-Identifier: EUPL-1.2
// What an authentication terminal may do: the 38 bits of the relative authorisation and the
// certificate holder authorisation template (CHAT) around them. Pure, any thread.
// Norm: BSI TR-03110-4 2.2.3, TR-03110-3 C.1.5.
#pragma once

#include "tests/card/bytes.hpp"

namespace card {

enum class Role : std::uint8_t { terminal = 0, dv_foreign = 1, dv_domestic = 2, cvca = 3 };

/// 37..33 write DG17..DG21 | 29 read DG22 | 28..8 read DG21..DG1 | 7 qualified certificate
/// 6 certificate | 5 PIN management | 4 CAN allowed | 3 privileged | 2 restricted identification
/// 1 community verification | 0 age verification
struct Rights {
    std::uint64_t bits = 0;

    [[nodiscard]] bool has(unsigned bit) const { return ((bits >> bit) & 1U) != 0; }
    friend Rights operator&(Rights left, Rights right) { return {left.bits & right.bits}; }
    friend bool operator==(const Rights&, const Rights&) = default;
};

namespace right {
inline constexpr unsigned age = 0;
inline constexpr unsigned community = 1;
inline constexpr unsigned restricted_identification = 2;
inline constexpr unsigned can_allowed = 4;
inline constexpr unsigned pin_management = 5;
/// group 1..22
[[nodiscard]] constexpr unsigned read(unsigned group) {
    return group + 7;
}
}  // namespace right

struct Chat {
    Role role = Role::terminal;
    Rights rights;
};
/// Content of 7F4C: the role identifier of authentication terminals and five bytes. Nothing for any
/// other type of terminal, since this card has no passport and no signature application.
[[nodiscard]] std::optional<Chat> parse_chat(View content);
[[nodiscard]] Bytes encode_chat(const Chat& chat);

}  // namespace card

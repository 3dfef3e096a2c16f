// SPDX-License-Identifier: EUPL-1.2
// Rights of an authentication terminal and the template (CHAT) that carries them in certificates
// and in PACE. Effective rights are what every certificate of the chain and the holder's CHAT have
// in common. Pure, any thread. Norm: BSI TR-03110-4 2.2.3.2 (table 4), TR-03110-3 C.1.5.
#pragma once

#include <cstdint>

#include "drivers/base/bytes.hpp"
#include "drivers/base/result.hpp"

namespace eid {

/// Role in the two highest of the 40 bits.
enum class Role : std::uint8_t { terminal = 0, dv_non_official = 1, dv_official = 2, cvca = 3 };

/// The 38 lower bits of the relative authorisation.
struct Rights {
    std::uint64_t bits = 0;
    friend constexpr bool operator==(const Rights&, const Rights&) = default;
    friend constexpr Rights operator|(Rights left, Rights right) {
        return {left.bits | right.bits};
    }
    friend constexpr Rights operator&(Rights left, Rights right) {
        return {left.bits & right.bits};
    }
    /// True if every right of `wanted` is among these.
    [[nodiscard]] constexpr bool include(Rights wanted) const {
        return (bits & wanted.bits) == wanted.bits;
    }
};

[[nodiscard]] constexpr Rights without(Rights rights, Rights dropped) {
    return {rights.bits & ~dropped.bits};
}

inline constexpr Rights no_rights{};
inline constexpr Rights right_age_verification{1ULL << 0U};
inline constexpr Rights right_community_verification{1ULL << 1U};
inline constexpr Rights right_restricted_id{1ULL << 2U};
inline constexpr Rights right_privileged{1ULL << 3U};
inline constexpr Rights right_can_allowed{1ULL << 4U};
inline constexpr Rights right_pin_management{1ULL << 5U};
inline constexpr std::uint64_t rights_mask = (1ULL << 38U) - 1;

/// Reading data group 1..22 (CHECKed): bits 8..29.
[[nodiscard]] Rights right_read(unsigned data_group);

/// A decoded template.
struct Chat {
    Role role = Role::terminal;
    Rights rights;
};

/// 7F4C { 06 id-AT, 53 five bytes }.
[[nodiscard]] base::Bytes encode_chat(const Chat& chat);
/// Reads the content of a 7F4C. errors: certificate_bad (another terminal type, wrong length,
/// unknown structure).
base::Result<Chat> parse_chat(base::ByteView content);

}  // namespace eid

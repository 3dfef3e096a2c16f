// SPDX-License-Identifier: EUPL-1.2
// PIN, CAN and PUK of one card, the retry counter with all its states, and what the card says of
// it. The only place that counts. One thread. Norm: BSI TR-03110-2 2.3 (password types), 3.3 (PIN
// management), TR-03127 (initial PIN of five digits, ten uses of the PUK).
//
//   tries 3, 2  operational   wrong PIN -> one less
//   tries 1     suspended     only inside a channel opened with the CAN
//   tries 0     blocked       only the PUK or the authority helps
//   inactive    deactivated   only the authority helps
#pragma once

#include "tests/card/apdu.hpp"

namespace card {

enum class PasswordId : std::uint8_t { can = 2, pin = 3, puk = 4 };

inline constexpr unsigned pin_tries_max = 3;
inline constexpr unsigned puk_uses_max = 10;

struct Passwords {
    std::string pin;
    std::string can;
    std::string puk;
    unsigned pin_tries = pin_tries_max;
    unsigned puk_uses = puk_uses_max;
    bool pin_active = true;

    /// The initial PIN: good for choosing a PIN of one's own, for nothing else.
    [[nodiscard]] bool has_transport_pin() const { return pin.size() == 5; }
    [[nodiscard]] View secret(PasswordId id) const;

    /// What MSE:Set AT answers when this password is chosen: 9000, 63Cx or 6283. Costs no try.
    [[nodiscard]] StatusWord probe(PasswordId id) const;

    enum class Proof { right, wrong };
    enum class Channel { plain, can };
    /// Ends one PACE: counts, and says what the last answer is.
    [[nodiscard]] StatusWord settle(PasswordId id, Proof proof, Channel channel);
};

/// Options of freigabe-card and of person files.
enum class PinState {
    operational,
    two_left,
    suspended,
    blocked,
    deactivated,
    transport,
    puk_used_up
};
[[nodiscard]] std::optional<PinState> parse_pin_state(std::string_view name);
/// Puts the counters into that state; `transport` cuts the PIN to five digits.
void enter(Passwords& passwords, PinState state);

}  // namespace card

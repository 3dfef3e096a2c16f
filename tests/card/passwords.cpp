// SPDX-License-Identifier: EUPL-1.2
// The retry counter and its states: see passwords.hpp.
#include "tests/card/passwords.hpp"

#include <array>
#include <cstdlib>
#include <utility>

namespace card {
namespace {

View view_of(const std::string& text) {
    static_assert(sizeof(char) == sizeof(std::uint8_t));
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

}  // namespace

View Passwords::secret(PasswordId id) const {
    switch (id) {
        case PasswordId::can:
            return view_of(can);
        case PasswordId::pin:
            return view_of(pin);
        case PasswordId::puk:
            return view_of(puk);
    }
    std::abort();
}

StatusWord Passwords::probe(PasswordId id) const {
    if (id != PasswordId::pin) return sw::ok;
    if (!pin_active) return sw::deactivated;
    if (pin_tries == pin_tries_max) return sw::ok;
    return static_cast<StatusWord>(sw::tries_left + pin_tries);
}

StatusWord Passwords::settle(PasswordId id, Proof proof, Channel channel) {
    if (id != PasswordId::pin) return proof == Proof::right ? sw::ok : sw::failed;
    // These three say nothing about the PIN that was typed: nobody may try PINs for free.
    if (!pin_active) return sw::not_usable;
    if (pin_tries == 0) return sw::blocked;
    if (pin_tries == 1 && channel != Channel::can) return sw::conditions;
    if (proof == Proof::right) {
        pin_tries = pin_tries_max;
        return sw::ok;
    }
    --pin_tries;
    return static_cast<StatusWord>(sw::tries_left + pin_tries);
}

std::optional<PinState> parse_pin_state(std::string_view name) {
    static constexpr std::array<std::pair<std::string_view, PinState>, 7> names{{
        {"operational", PinState::operational},
        {"two_left", PinState::two_left},
        {"suspended", PinState::suspended},
        {"blocked", PinState::blocked},
        {"deactivated", PinState::deactivated},
        {"transport", PinState::transport},
        {"puk_used_up", PinState::puk_used_up},
    }};
    for (const auto& [text, state] : names) {
        if (text == name) return state;
    }
    return std::nullopt;
}

void enter(Passwords& passwords, PinState state) {
    passwords.pin_tries = pin_tries_max;
    passwords.pin_active = true;
    passwords.puk_uses = puk_uses_max;
    switch (state) {
        case PinState::operational:
            break;
        case PinState::two_left:
            passwords.pin_tries = 2;
            break;
        case PinState::suspended:
            passwords.pin_tries = 1;
            break;
        case PinState::blocked:
            passwords.pin_tries = 0;
            break;
        case PinState::deactivated:
            passwords.pin_active = false;
            break;
        case PinState::transport:
            passwords.pin.resize(5, '0');
            break;
        case PinState::puk_used_up:
            passwords.pin_tries = 0;
            passwords.puk_uses = 0;
            break;
    }
}

}  // namespace card

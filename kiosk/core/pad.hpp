// SPDX-License-Identifier: EUPL-1.2
// What the pads for PIN, CAN and PUK do alike: digits go straight into a Secret. Pure.
#pragma once

#include "drivers/base/check.hpp"
#include "kiosk/core/places.hpp"

namespace core {

/// One more digit of the secret that the place holds; one that has no place is dropped.
template <class P, class S>
[[nodiscard]] Step type_digit(P& at, S& typed, const Digit& digit) {
    CHECK(digit.value <= 9);
    (void)typed.push(static_cast<std::uint8_t>('0' + digit.value));  // full: no place for it
    return stay(std::move(at));
}

/// Takes the last digit back.
template <class P, class S>
[[nodiscard]] Step delete_digit(P& at, S& typed) {
    typed.pop();
    return stay(std::move(at));
}

}  // namespace core

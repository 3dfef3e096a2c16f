// SPDX-License-Identifier: EUPL-1.2
// What tests ask of a state: whose data it holds. Tests only.
#pragma once

#include "kiosk/core/state.hpp"

namespace facts {

/// True if any data of a card's holder is in this place.
[[nodiscard]] inline bool holds_person(const core::State& state) {
    return std::visit(
        [](const auto& at) {
            if constexpr (requires { at.who.has_value(); }) {
                return at.who.has_value();
            } else if constexpr (requires { at.who.person; }) {
                return true;
            } else if constexpr (requires { at.draft.has_value(); }) {
                return at.draft.has_value();
            } else {
                return requires {
                    at.draft;
                };
            }
        },
        state.place);
}

/// True if anything that the backend told of a person is in this place.
[[nodiscard]] inline bool holds_insight(const core::State& state) {
    const core::Lookup fresh;
    return std::visit(
        [&](const auto& at) {
            if constexpr (requires { at.lookup; }) {
                return !(at.lookup == fresh);
            } else {
                return false;
            }
        },
        state.place);
}

/// Number of digits of a PIN, CAN or PUK that are in memory.
[[nodiscard]] inline std::size_t typed_digits(const core::State& state) {
    const auto waiting = [](const core::PinToChange& typed) {
        return typed.old_pin.size() + (typed.can ? typed.can->size() : 0);
    };
    if (const auto* at = std::get_if<core::LetterPin>(&state.place)) return waiting(at->typed);
    if (const auto* at = std::get_if<core::NewPinPad>(&state.place))
        return waiting(at->typed) + at->pin.size();
    if (const auto* at = std::get_if<core::NewPinAgain>(&state.place))
        return waiting(at->typed) + at->first.size() + at->pin.size();
    if (const auto* pad = std::get_if<core::PukPad>(&state.place)) return pad->puk.size();
    if (const auto* pad = std::get_if<core::PinPad>(&state.place)) {
        return pad->pin.size() + (pad->can ? pad->can->size() : 0);
    }
    if (const auto* pad = std::get_if<core::CanPad>(&state.place)) return pad->can.size();
    return 0;
}

template <class P>
[[nodiscard]] bool is(const core::State& state) {
    return std::holds_alternative<P>(state.place);
}

}  // namespace facts

// SPDX-License-Identifier: EUPL-1.2
// A person in the middle of caring for their PIN, and what tests ask of them. Tests only.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "tests/screens/walker.hpp"
#include "tests/unit/kiosk/core/state_facts.hpp"

namespace in_care {

using core::Care;
using walker::Walker;

inline const walker::World& world() {
    static const walker::World the_world = walker::make_world();
    return the_world;
}

inline std::string digits_of(base::ByteView secret) {
    return std::string(base::as_text(secret));
}

inline core::Pin pin_of(std::string_view digits) {
    return core::Pin(base::as_bytes(digits));
}

/// A person at home who wants this care and has laid the card down.
inline Walker begun(Care care, std::uint8_t tries_left) {
    Walker walker(world());
    walker.tap("language.de");
    walker.send(core::OpenPinCare{care});
    walker.card_in(tries_left);
    return walker;
}

inline void type(Walker& walker, const std::vector<const char*>& entries) {
    for (const char* entry : entries) {
        walker.digits(entry);
        walker.tap("pad.next");
    }
}

/// The card is at work on a change, or on unblocking.
inline Walker at_work(Care care) {
    Walker walker = begun(care, care == Care::unblock ? 0 : 3);
    if (care == Care::unblock) {
        walker.tap("puk.yes");
        type(walker, {"9876543210"});
    } else {
        type(walker, {care == Care::own_pin ? "12345" : "111111", "246802", "246802"});
    }
    return walker;
}

inline std::ptrdiff_t count(const Walker& walker, const std::string& effect) {
    return std::count(walker.effects.begin(), walker.effects.end(), effect);
}

inline bool shows(const Walker& walker, const std::string& text_id) {
    for (const view::Block& block : walker.screen().blocks) {
        const auto* note = std::get_if<view::Note>(&block);
        if (note == nullptr) continue;
        for (const view::Text& line : note->lines) {
            if (line.id == text_id) return true;
        }
    }
    return walker.screen().lead.id == text_id;
}

}  // namespace in_care

// SPDX-License-Identifier: EUPL-1.2
// One card of one person, a terminal in front of it and a PKI both agree on: what every test of the
// card's behaviour starts from. One thread.
#pragma once

#include "tests/card/terminal_probe.hpp"

namespace card {

struct World {
    explicit World(const std::string& person = "leyla", ChipKey chip_key = ChipKey::genuine);

    TestPki pki;
    RandomSource random;
    std::optional<Card> card;
    std::optional<TerminalProbe> terminal;

    /// PACE with the PIN 123456 and a template that asks for everything.
    StatusWord pace(std::optional<Rights> rights = all_rights);
    /// PACE with another secret or password, without a template.
    StatusWord pace_with(PasswordId password, const std::string& secret);
    StatusWord terminal_authentication();
    StatusWord read_status(std::uint8_t short_id) { return terminal->read(short_id).status; }
};

[[nodiscard]] Rights only(std::initializer_list<unsigned> bits);

}  // namespace card

// SPDX-License-Identifier: EUPL-1.2
// What one terminal has proven since power-up: the protocols write it, files and functions ask it.
// Values only; one thread. Norm: BSI TR-03110-2 2.6, 3.1 (general authentication procedure).
#pragma once

#include "tests/card/passwords.hpp"
#include "tests/card/rights.hpp"

namespace card {

struct PaceResult {
    PasswordId password = PasswordId::can;
    std::optional<Chat> chat;    ///< none = unauthenticated terminal, PIN management only
    Bytes chip_id;               ///< ID_PICC: Comp() of the card's ephemeral PACE key
    bool transport_pin = false;  ///< proven with the initial PIN: opens no data (TR-03127)
};

/// One template 73 of the auxiliary data.
struct AuxiliaryDatum {
    Bytes oid;
    Bytes value;
};

struct TerminalResult {
    Rights rights;  ///< PACE and every certificate of the chain
    Bytes compressed_key;
    Bytes first_sector_hash;
    Bytes second_sector_hash;
    std::vector<AuxiliaryDatum> auxiliary;
};

struct SecurityStatus {
    std::optional<PaceResult> pace;
    std::optional<TerminalResult> terminal;
    bool chip_authenticated = false;

    /// Rights count after Chip Authentication, not before: this card serves nobody halfway.
    [[nodiscard]] Rights effective() const {
        return terminal && chip_authenticated ? terminal->rights : Rights{};
    }
};

}  // namespace card

// SPDX-License-Identifier: EUPL-1.2
// A code that somebody held to the reader, as far as the kiosk can judge it. The code itself and
// its secret were wiped before this was made: what is here takes nothing back by itself, and names
// neither entry nor person. Pure values, any thread.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <variant>

#include "kiosk/core/setup.hpp"
#include "sync/model/declaration.hpp"

namespace core {

/// A take-back code that is whole: its secret is the one that its check code names.
struct TakeBackSlip {
    base::Uuid declaration;
    model::Digest secret_hash{};
    Date date{};                   ///< of the declaration, as the slip says
    bool signed_here = false;      ///< else by another terminal, and the backend has the last word
    bool taken_back_here = false;  ///< it was used here before, or a card did the same
    friend bool operator==(const TakeBackSlip&, const TakeBackSlip&) = default;
};

/// What one authority asks one person for, by a letter. It was signed by the authority, and its day
/// has not passed.
struct Invitation {
    std::string authority;  ///< id
    std::string entry;      ///< id
    std::string code;       ///< as it is: the backend matches person and file by it
    friend bool operator==(const Invitation&, const Invitation&) = default;
};

/// Why a code does not lead on.
enum class SlipTrouble : std::uint8_t {
    damaged,            ///< ours by its form, and not whole
    foreign,            ///< no code of ours at all
    half,               ///< the check code: it proves, and takes nothing back
    forged,             ///< names this terminal, and this terminal never signed it
    taken_back,         ///< by an act that was recorded here
    invitation,         ///< of an authority whose key is not known here: it cannot be believed
    invitation_forged,  ///< in the name of an authority, and not by its key
    invitation_over     ///< its day has passed, or what it asks for is not offered here
};
inline constexpr std::array slip_troubles{SlipTrouble::damaged,
                                          SlipTrouble::foreign,
                                          SlipTrouble::half,
                                          SlipTrouble::forged,
                                          SlipTrouble::taken_back,
                                          SlipTrouble::invitation,
                                          SlipTrouble::invitation_forged,
                                          SlipTrouble::invitation_over};
/// It was a letter, and not for taking back.
[[nodiscard]] constexpr bool is_of_letter(SlipTrouble trouble) {
    return trouble == SlipTrouble::invitation || trouble == SlipTrouble::invitation_forged ||
           trouble == SlipTrouble::invitation_over;
}

using ShownSlip = std::variant<TakeBackSlip, SlipTrouble, Invitation>;

}  // namespace core

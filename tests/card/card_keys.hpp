// SPDX-License-Identifier: EUPL-1.2
// The static keys of one virtual card. They follow from the person's id and the seed alone, so the
// pseudonym is the same in every run; another seed is another card of the same person.
// Values; any thread.
#pragma once

#include "tests/card/chip_auth.hpp"
#include "tests/card/restricted_id.hpp"

namespace card {

inline constexpr std::uint8_t chip_key_id = 0x41;
inline constexpr std::uint8_t chip_key_v3_id = 0x42;  ///< announced by newer chips, unused here
inline constexpr std::uint8_t block_list_key_id = 1;
inline constexpr std::uint8_t pseudonym_key_id = 2;

struct CardKeys {
    KeyPair chip;        ///< the public half stands in EF.CardSecurity
    Bytes chip_private;  ///< normally chip.scalar; a forged card has another one
    KeyPair block_list;
    KeyPair pseudonym;
};

enum class ChipKey { genuine, forged };
[[nodiscard]] CardKeys make_card_keys(std::string_view person_id, std::uint64_t seed,
                                      ChipKey chip_key, Suite suite = {});

}  // namespace card

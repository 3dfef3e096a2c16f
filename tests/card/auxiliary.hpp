// SPDX-License-Identifier: EUPL-1.2
// Auxiliary data verification: the card compares one value with its own and says yes or no, so that
// the terminal learns an age limit and not a birth date. Pure, any thread.
// Norm: BSI TR-03110-4 2.2.2 (data), TR-03110-3 B.9 (VERIFY), A.6.5.
#pragma once

#include "tests/card/security_status.hpp"

namespace card {

struct VerifiableData {
    std::string birth_date;  ///< YYYYMMDD, unknown parts blank
    std::string expiry_date;
    Bytes community_id;
};

/// VERIFY 8020 8000 with 06 OID: 9000 yes, 6300 no, 6982 without right or Chip Authentication,
/// 6A88 if nothing of this kind was announced in Terminal Authentication.
[[nodiscard]] StatusWord verify(const Command& command, const SecurityStatus& status,
                                const VerifiableData& data);

/// The latest day a birth date with blanks can mean; nothing if it is no date at all.
[[nodiscard]] std::optional<std::string> latest_possible(std::string_view birth_date);

}  // namespace card

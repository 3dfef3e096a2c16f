// SPDX-License-Identifier: EUPL-1.2
// The one-time code that ties a portal account to a person: the terminal makes it while the card
// lies on the reader, tells the backend its hash within an insight request, and prints it on the
// slip; the person types it at the portal. 100 random bits. Pure but for randomness, any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "drivers/port/random.hpp"
#include "sync/model/declaration.hpp"

namespace receipts {

/// "ABCD-EFGH-JKLM-NPQR-STUV": 20 of 32 characters, without 0, O, 1 and I.
[[nodiscard]] std::string make_link_code(port::Random& random);
/// SHA-256 of the code's 20 characters. Case, blanks and hyphens do not matter.
/// Nothing if it is no code.
[[nodiscard]] std::optional<model::Digest> link_code_hash(std::string_view typed);

}  // namespace receipts

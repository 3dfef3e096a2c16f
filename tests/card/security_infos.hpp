// SPDX-License-Identifier: EUPL-1.2
// What the card says about itself: the SecurityInfos of EF.CardAccess (readable by everyone) and of
// EF.CardSecurity (signed). Pure, any thread. Norm: BSI TR-03110-3 A.1.1.
#pragma once

#include "tests/card/card_keys.hpp"

namespace card {

/// Older chips know what this project uses; newer ones also name Chip Authentication version 3 and
/// pseudonymous signatures, which a terminal must skip.
enum class Generation { plain, newer };

[[nodiscard]] Bytes encode_card_access(Generation generation, Suite suite = {});
/// The SET that EF.CardSecurity signs: EF.CardAccess plus the chip's public key and the keys of
/// Restricted Identification.
[[nodiscard]] Bytes encode_security_object(Generation generation, const CardKeys& keys,
                                           Suite suite = {});

}  // namespace card

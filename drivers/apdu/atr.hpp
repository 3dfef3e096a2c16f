// SPDX-License-Identifier: EUPL-1.2
// What a card says about itself at power-up. Only the card capabilities in the historical bytes are
// looked at: whether it takes extended lengths and whether it declares buffer sizes. Pure, any
// thread. Norms: ISO/IEC 7816-3 8.2 (ATR), ISO/IEC 7816-4 12.1.1.9.2 (card capabilities).
#pragma once

#include <optional>

#include "drivers/base/bytes.hpp"

namespace apdu {

struct CardCapabilities {
    bool chaining = false;
    bool extended_length = false;
    bool sizes_in_info = false;  ///< EF.ATR/INFO states the buffer sizes
};

/// Nothing if the ATR is malformed or says nothing about capabilities.
[[nodiscard]] std::optional<CardCapabilities> capabilities_of(base::ByteView atr);

}  // namespace apdu

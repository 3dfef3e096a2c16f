// SPDX-License-Identifier: EUPL-1.2
// What PACE, chip authentication and restricted identification of one card are made with: a curve
// and a cipher. Real cards of today have the first of each; the norm allows the others. Values; any
// thread. Norm: BSI TR-03110-3 A.2.1.1 (table 4), A.2.3 (key derivation), A.3.2, A.4.1.3.
#pragma once

#include <string_view>

#include "tests/card/curve.hpp"

namespace card {

struct Suite {
    std::uint8_t parameters = 13;  ///< number of the standardised domain parameters
    std::uint8_t cipher = 2;       ///< last arc of the identifiers: 2 AES-128, 3 AES-192, 4 AES-256

    [[nodiscard]] Curve curve() const;
    [[nodiscard]] std::size_t key_bytes() const { return std::size_t{8} * cipher; }
    /// Whole blocks, at least as long as the key.
    [[nodiscard]] std::size_t nonce_bytes() const { return (key_bytes() + 15) / 16 * 16; }
    [[nodiscard]] Bytes pace_protocol() const;
    [[nodiscard]] Bytes chip_protocol() const;
};

/// "brainpoolP384r1/256": curve and bits of AES.
[[nodiscard]] std::optional<Suite> parse_suite(std::string_view text);

}  // namespace card

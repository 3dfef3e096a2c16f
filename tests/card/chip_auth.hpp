// SPDX-License-Identifier: EUPL-1.2
// Chip Authentication version 2, card side: the card proves its static key and both restart secure
// messaging. One object lives as long as one PACE channel. One thread.
// Norm: BSI TR-03110-2 3.4.2, TR-03110-3 B.2, B.11.
#pragma once

#include "tests/card/random_source.hpp"
#include "tests/card/security_status.hpp"
#include "tests/card/suite.hpp"

namespace card {

class ChipAuthentication {
  public:
    struct StaticKey {
        std::uint8_t id = 0;
        Bytes scalar;
    };
    ChipAuthentication(StaticKey key, RandomSource& random, Suite suite = {})
        : key_(std::move(key)), random_(random), suite_(suite) {}

    /// MSE:Set AT 41A4 for this protocol. 6982 if the key id (84) is missing, 6A88 if it is
    /// unknown.
    [[nodiscard]] StatusWord set_at(View data);
    /// GENERAL AUTHENTICATE. 6982 without Terminal Authentication, 6984 if the key is not the one
    /// that was announced there. On success the new keys wait in take_keys().
    [[nodiscard]] Answer general_authenticate(View data, SecurityStatus& status);
    [[nodiscard]] std::optional<SessionKeys> take_keys();

  private:
    StaticKey key_;
    RandomSource& random_;
    Suite suite_;
    Curve curve_ = suite_.curve();
    bool chosen_ = false;
    std::optional<SessionKeys> keys_;
};

}  // namespace card

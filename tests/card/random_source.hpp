// SPDX-License-Identifier: EUPL-1.2
// Where the card's nonces and ephemeral keys come from. Apart so that known answers can be
// replayed.
#pragma once

#include "tests/card/curve.hpp"

namespace card {

class RandomSource {
  public:
    RandomSource() = default;
    RandomSource(const RandomSource&) = delete;
    RandomSource& operator=(const RandomSource&) = delete;
    virtual ~RandomSource() = default;
    virtual Bytes bytes(std::size_t count) { return random_bytes(count); }
    /// A private key 1..order-1.
    virtual Bytes scalar(const Curve& curve) { return curve.random_scalar(); }
};

}  // namespace card

// SPDX-License-Identifier: EUPL-1.2
// Where the card's nonces and ephemeral keys come from. Apart so that known answers can be
// replayed.
#pragma once

#include <random>

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

/// The same nonces and keys in every run, so that a failing test fails again.
class SeededSource final : public RandomSource {
  public:
    explicit SeededSource(std::uint32_t seed) : engine_(seed) {}
    Bytes bytes(std::size_t count) override {
        Bytes out(count);
        for (auto& byte : out) byte = static_cast<std::uint8_t>(engine_() & 0xFFU);
        return out;
    }
    Bytes scalar(const Curve& curve) override {
        return curve.scalar_from(bytes(curve.order_bytes() + 8));
    }

  private:
    std::mt19937 engine_;
};

}  // namespace card

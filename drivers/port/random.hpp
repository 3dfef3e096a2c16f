// SPDX-License-Identifier: EUPL-1.2
// Random bytes of cryptographic quality. crypto::SystemRandom in the product, a seeded one in
// tests.
#pragma once

#include <cstdint>
#include <span>

namespace port {

class Random {
  public:
    virtual ~Random() = default;
    /// Fills `out`. Cannot fail towards the caller: a device without entropy stops (CHECK).
    virtual void fill(std::span<std::uint8_t> out) = 0;
};

}  // namespace port

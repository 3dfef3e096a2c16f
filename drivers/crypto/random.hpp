// SPDX-License-Identifier: EUPL-1.2
// The product's source of randomness: CTR-DRBG of mbedTLS, seeded from the kernel. One object per
// thread (mbedTLS contexts are not shared between threads).
#pragma once

#include <memory>

#include "drivers/port/random.hpp"

namespace crypto {

class SystemRandom final : public port::Random {
  public:
    SystemRandom();
    ~SystemRandom() override;
    SystemRandom(const SystemRandom&) = delete;
    SystemRandom& operator=(const SystemRandom&) = delete;
    void fill(std::span<std::uint8_t> out) override;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

/// Adapter with the signature that mbedTLS asks for; `random` is a port::Random*.
int mbedtls_random(void* random, unsigned char* out, std::size_t size);

}  // namespace crypto

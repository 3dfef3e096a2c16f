// SPDX-License-Identifier: EUPL-1.2
// Random numbers that are the same in every run, so that a failing test fails again. Tests only.
#pragma once

#include <random>

#include "drivers/port/random.hpp"

class SeededRandom final : public port::Random {
  public:
    explicit SeededRandom(std::uint32_t seed) : engine_(seed) {}
    void fill(std::span<std::uint8_t> out) override {
        for (auto& byte : out) byte = static_cast<std::uint8_t>(engine_() & 0xFFU);
    }

  private:
    std::mt19937 engine_;
};

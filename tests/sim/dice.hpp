// SPDX-License-Identifier: EUPL-1.2
// The one source of chance of a world: everything that happens follows from its seed. Not for keys
// that matter. One thread.
#pragma once

#include <cstdint>
#include <vector>

#include "drivers/port/random.hpp"

namespace sim {

class Dice final : public port::Random {
  public:
    explicit Dice(std::uint64_t seed) : state_(seed) {}

    /// SplitMix64: short, and good enough to look random to the code under test.
    std::uint64_t next() {
        state_ += 0x9E3779B97F4A7C15ULL;
        std::uint64_t mixed = state_;
        mixed = (mixed ^ (mixed >> 30U)) * 0xBF58476D1CE4E5B9ULL;
        mixed = (mixed ^ (mixed >> 27U)) * 0x94D049BB133111EBULL;
        return mixed ^ (mixed >> 31U);
    }
    /// 0..n-1; n > 0.
    std::uint64_t below(std::uint64_t n) { return next() % n; }
    /// first..last, both included.
    std::uint64_t between(std::uint64_t first, std::uint64_t last) {
        return first + below(last - first + 1);
    }
    bool chance(std::uint64_t permille) { return below(1'000) < permille; }
    template <class T>
    T& pick(std::vector<T>& from) {
        return from[below(from.size())];
    }
    template <class T>
    void shuffle(std::vector<T>& items) {
        for (std::size_t i = items.size(); i > 1; --i) std::swap(items[i - 1], items[below(i)]);
    }

    void fill(std::span<std::uint8_t> out) override {
        for (std::uint8_t& byte : out) byte = static_cast<std::uint8_t>(next() >> 56U);
    }

  private:
    std::uint64_t state_;
};

}  // namespace sim

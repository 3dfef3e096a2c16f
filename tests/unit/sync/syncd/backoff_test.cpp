// SPDX-License-Identifier: EUPL-1.2
// Full jitter: both ends of each range are reached, no value lies outside, and Retry-After is a
// lower bound.
#include "sync/syncd/backoff.hpp"

#include "drivers/base/check.hpp"  // before doctest.h, whose CHECK counts in tests

#include <doctest/doctest.h>

#include <algorithm>

#include "drivers/base/bytes.hpp"
#include "drivers/base/limits.hpp"
#include "drivers/crypto/random.hpp"

namespace {

/// Gives one number, big-endian, for ever.
class FixedRandom final : public port::Random {
  public:
    std::uint64_t value = 0;
    void fill(std::span<std::uint8_t> out) override {
        base::Bytes bytes;
        base::append_u64(bytes, value);
        REQUIRE(out.size() == bytes.size());
        std::copy(bytes.begin(), bytes.end(), out.begin());
    }
};

}  // namespace

TEST_CASE("backoff: the range doubles up to the bound and starts anew after a success") {
    FixedRandom random;
    syncd::Backoff backoff({1'000, 600'000}, random);
    const std::uint64_t tops[] = {2'000,   4'000,   8'000,   16'000,  32'000, 64'000,
                                  128'000, 256'000, 512'000, 600'000, 600'000};
    for (const std::uint64_t top : tops) {
        random.value = top - 1'000;  // the last value of this range
        CHECK(backoff.next_ms({}) == top);
    }
    random.value = 0;
    CHECK(backoff.next_ms({}) == 1'000);
    for (int i = 0; i < 100; ++i) CHECK(backoff.next_ms({}) == 1'000);
    random.value = 599'000;
    CHECK(backoff.next_ms({}) == 600'000);
    backoff.reset();
    random.value = 1'000;
    CHECK(backoff.next_ms({}) == 2'000);
}

TEST_CASE("backoff: with true randomness every wait lies within the bounds, and they differ") {
    crypto::SystemRandom random;
    syncd::Backoff backoff({limits::backoff_ms_min, limits::backoff_ms_max}, random);
    std::uint64_t smallest = UINT64_MAX;
    std::uint64_t largest = 0;
    for (int i = 0; i < 1'000; ++i) {
        const std::uint64_t wait = backoff.next_ms({});
        CHECK(wait >= limits::backoff_ms_min);
        CHECK(wait <= limits::backoff_ms_max);
        smallest = std::min(smallest, wait);
        largest = std::max(largest, wait);
    }
    // A fleet that failed together is spread over most of the ten minutes.
    CHECK(largest - smallest > limits::backoff_ms_max / 2);
}

TEST_CASE("backoff: Retry-After is honoured, also beyond the own bound") {
    FixedRandom random;
    syncd::Backoff backoff({10, 20}, random);
    random.value = 5;
    CHECK(backoff.next_ms(3) == 15);
    CHECK(backoff.next_ms(15) == 15);
    CHECK(backoff.next_ms(3'600'000) == 3'600'000);
}

TEST_CASE("backoff: a range of one value") {
    FixedRandom random;
    random.value = UINT64_MAX;
    syncd::Backoff backoff({7, 7}, random);
    for (int i = 0; i < 40; ++i) CHECK(backoff.next_ms({}) == 7);
}

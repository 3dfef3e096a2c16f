// SPDX-License-Identifier: EUPL-1.2
// Guesses are counted per terminal and forgotten with their window.
#include "sync/backend/service/attempts.hpp"

#include "tests/unit/sync/backend/world.hpp"

#include <doctest/doctest.h>

using backend::Attempts;

TEST_CASE("attempts: the last one of the bound is free, the next waits for the window's end") {
    Attempts attempts;
    const auto one = test::uuid(1);
    for (unsigned i = 0; i < Attempts::failures_max; ++i) {
        CHECK(attempts.wait_ms(one, 1'000) == 0);
        attempts.failed(one, 1'000);
    }
    CHECK(attempts.wait_ms(one, 1'000) == Attempts::window_ms);
    CHECK(attempts.wait_ms(one, 1'000 + Attempts::window_ms - 1) == 1);
    CHECK(attempts.wait_ms(one, 1'000 + Attempts::window_ms) == 0);
    CHECK(attempts.wait_ms(test::uuid(2), 1'000) == 0);
    attempts.failed(one, 1'000 + Attempts::window_ms);
    CHECK(attempts.wait_ms(one, 1'000 + Attempts::window_ms) == 0);
}

TEST_CASE("attempts: the number of terminals that are counted is bounded") {
    Attempts attempts;
    for (unsigned i = 0; i < Attempts::failures_max; ++i) attempts.failed(test::uuid(1), 0);
    for (std::size_t i = 0; i < Attempts::terminals_max; ++i) {
        std::array<std::uint8_t, 16> id{};
        id[0] = 0xFF;
        id[14] = static_cast<std::uint8_t>(i >> 8U);
        id[15] = static_cast<std::uint8_t>(i);
        attempts.failed(base::Uuid(id), 0);
    }
    CHECK(attempts.wait_ms(test::uuid(1), 0) == 0);
}

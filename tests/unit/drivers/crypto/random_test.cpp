// SPDX-License-Identifier: EUPL-1.2
// The source of randomness gives what was asked for, all of it and nothing beyond, also above what
// mbedTLS hands out at once (1,024 bytes), and never the same twice.
#include "drivers/crypto/random.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "drivers/base/bytes.hpp"

TEST_CASE("random: every byte of a request is filled, none behind it") {
    crypto::SystemRandom random;
    for (const std::size_t size : {0U, 1U, 1'023U, 1'024U, 1'025U, 3'000U}) {
        CAPTURE(size);
        // A byte is zero by chance once in 256 fills; in all of eight it is not.
        base::Bytes seen(size, 0);
        for (unsigned round = 0; round < 8; ++round) {
            base::Bytes out(size + 16, 0);
            random.fill(std::span(out).first(size));
            for (std::size_t i = 0; i < size; ++i) seen[i] |= out[i];
            CHECK(std::all_of(out.begin() + static_cast<std::ptrdiff_t>(size), out.end(),
                              [](std::uint8_t byte) { return byte == 0; }));
        }
        CHECK(std::ranges::count(seen, 0) == 0);
    }
}

TEST_CASE("random: two fills and two sources differ") {
    crypto::SystemRandom one;
    crypto::SystemRandom other;
    base::Bytes first(32);
    base::Bytes second(32);
    base::Bytes third(32);
    one.fill(first);
    one.fill(second);
    other.fill(third);
    CHECK(first != second);
    CHECK(first != third);
    base::Bytes adapted(32);
    CHECK(crypto::mbedtls_random(&one, adapted.data(), adapted.size()) == 0);
    CHECK(adapted != base::Bytes(32));
}

// SPDX-License-Identifier: EUPL-1.2
// Reduction against mbedTLS' own division, on every brainpool prime: at the edges of the range, on
// limbs of all zeros and all ones, and on many random numbers. mbedTLS 3 has no use for it.
#include "drivers/crypto/reduction.hpp"

#include <mbedtls/ecp.h>

#include "drivers/base/handle.hpp"
#include "drivers/crypto/ec.hpp"
#include "drivers/crypto/ec_group.hpp"
#include "drivers/crypto/random.hpp"

#include <doctest/doctest.h>

#include <random>

#if MBEDTLS_VERSION_MAJOR < 3

using crypto::Curve;
using crypto::Mpi;

namespace {

constexpr Curve brainpool[] = {Curve::brainpool_p256r1, Curve::brainpool_p384r1,
                               Curve::brainpool_p512r1};

/// True if the reduction of `value` is congruent to it and below three primes.
bool good(const crypto::Reduction& reduction, const mbedtls_mpi& value, const mbedtls_mpi& prime) {
    Mpi reduced;
    Mpi expected;
    Mpi bound;
    REQUIRE(mbedtls_mpi_copy(reduced.get(), &value) == 0);
    REQUIRE(reduction.apply(*reduced.get()) == 0);
    REQUIRE(mbedtls_mpi_mul_int(bound.get(), &prime, 3) == 0);
    const bool small = reduced.get()->s > 0 && mbedtls_mpi_cmp_mpi(reduced.get(), bound.get()) < 0;
    REQUIRE(mbedtls_mpi_mod_mpi(expected.get(), &value, &prime) == 0);
    REQUIRE(mbedtls_mpi_mod_mpi(reduced.get(), reduced.get(), &prime) == 0);
    return small && mbedtls_mpi_cmp_mpi(reduced.get(), expected.get()) == 0;
}

void load(Mpi& value, const base::Bytes& bytes) {
    crypto::read_mpi(value, bytes);
}

}  // namespace

TEST_CASE("reduction: the edges of its range, on each curve") {
    for (const Curve curve : brainpool) {
        const base::Bytes number = crypto::domain_parameters(curve).prime;
        Mpi prime;
        load(prime, number);
        const crypto::Reduction reduction(*prime.get());
        Mpi value;
        Mpi square;
        REQUIRE(mbedtls_mpi_mul_mpi(square.get(), prime.get(), prime.get()) == 0);
        for (const int offset : {-2, -1, 0, 1, 2}) {
            for (const unsigned multiple : {1U, 2U, 3U, 255U}) {
                REQUIRE(mbedtls_mpi_mul_int(value.get(), prime.get(), multiple) == 0);
                REQUIRE(mbedtls_mpi_add_int(value.get(), value.get(), offset) == 0);
                CHECK(good(reduction, *value.get(), *prime.get()));
            }
            REQUIRE(mbedtls_mpi_add_int(value.get(), square.get(), offset) == 0);
            CHECK(good(reduction, *value.get(), *prime.get()));
        }
        for (const std::size_t bytes : {std::size_t{1}, std::size_t{8}, number.size() - 1,
                                        number.size(), number.size() + 1, 2 * number.size()}) {
            for (const unsigned fill : {0x00U, 0x01U, 0x7FU, 0x80U, 0xFFU}) {
                load(value, base::Bytes(bytes, static_cast<std::uint8_t>(fill)));
                CHECK(good(reduction, *value.get(), *prime.get()));
            }
        }
    }
}

TEST_CASE("reduction: random numbers, with runs of zeros and ones as carries like them") {
    std::mt19937 random(20'261'126);
    for (const Curve curve : brainpool) {
        Mpi prime;
        load(prime, crypto::domain_parameters(curve).prime);
        const crypto::Reduction reduction(*prime.get());
        for (unsigned round = 0; round < 3'000; ++round) {
            base::Bytes bytes(1 + random() % (2 * crypto::curve_bytes(curve)));
            for (std::uint8_t& byte : bytes) {
                const auto kind = random() % 4;
                byte = kind == 0   ? std::uint8_t{0x00}
                       : kind == 1 ? std::uint8_t{0xFF}
                                   : static_cast<std::uint8_t>(random());
            }
            Mpi value;
            load(value, bytes);
            CHECK(good(reduction, *value.get(), *prime.get()));
        }
    }
}

TEST_CASE("reduction: the shared groups of the brainpool curves use it") {
    for (const Curve curve : brainpool) {
        const bool has_one = crypto::EcGroup(curve).get()->modp != nullptr;
        CHECK(has_one);
    }
}

#endif

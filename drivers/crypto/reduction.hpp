// SPDX-License-Identifier: EUPL-1.2
// Reduction modulo the prime of a brainpool curve. These primes have no form that helps, so mbedTLS
// 2.28 divides, which is three quarters of the time of every operation on a German card's curve. It
// lets a group bring a reduction of its own (mbedtls_ecp_group::modp); this one multiplies with a
// reciprocal instead (Barrett), with the same steps for every number. mbedTLS 3 hides that member
// and divides as before. Norm: Handbook of Applied Cryptography, algorithm 14.42. Any thread.
#pragma once

#include <mbedtls/bignum.h>
#include <mbedtls/version.h>

#include <array>
#include <cstddef>

namespace crypto {

#if MBEDTLS_VERSION_MAJOR < 3

class Reduction {
  public:
    /// prime  fills whole limbs, at most 512 bits (CHECKed).
    explicit Reduction(const mbedtls_mpi& prime);
    /// Makes `number` (0 to prime^2) one below 3 * prime that is congruent to it, as modp must.
    /// returns  0, or mbedTLS' code when there is no memory.
    [[nodiscard]] int apply(mbedtls_mpi& number) const;

  private:
    static constexpr std::size_t limbs_max = 512 / 8 / sizeof(mbedtls_mpi_uint);

    std::size_t limbs_;
    std::array<mbedtls_mpi_uint, limbs_max> prime_{};
    std::array<mbedtls_mpi_uint, limbs_max + 1> reciprocal_{};  ///< base^(2 limbs) / prime
};

#endif

}  // namespace crypto

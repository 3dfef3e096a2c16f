// SPDX-License-Identifier: EUPL-1.2
#include "drivers/crypto/reduction.hpp"

#include <algorithm>
#include <cstdint>
#include <span>
#include <type_traits>

#include "drivers/base/check.hpp"
#include "drivers/base/handle.hpp"

namespace crypto {

#if MBEDTLS_VERSION_MAJOR < 3

namespace {

using Mpi = base::Pinned<mbedtls_mpi, mbedtls_mpi_init, mbedtls_mpi_free>;
using Limb = mbedtls_mpi_uint;
__extension__ using Wide = unsigned __int128;
// A product of two limbs and two carries fit into one.
using Double = std::conditional_t<sizeof(Limb) == 8, Wide, std::uint64_t>;
constexpr unsigned limb_bits = 8 * sizeof(Limb);

/// The lowest limbs of left * right, as many as `out` has; the rest is not computed.
void multiply_low(std::span<Limb> out, std::span<const Limb> left, std::span<const Limb> right) {
    std::ranges::fill(out, 0);
    for (std::size_t i = 0; i < left.size() && i < out.size(); ++i) {
        Limb carry = 0;
        const std::size_t end = std::min(right.size(), out.size() - i);
        for (std::size_t j = 0; j < end; ++j) {
            const Double sum = static_cast<Double>(left[i]) * right[j] + out[i + j] + carry;
            out[i + j] = static_cast<Limb>(sum);
            carry = static_cast<Limb>(sum >> limb_bits);
        }
        if (i + end < out.size()) out[i + end] = carry;
    }
}

/// left -= right, of equal length; what is borrowed beyond is dropped.
void subtract(std::span<Limb> left, std::span<const Limb> right) {
    Limb borrow = 0;
    for (std::size_t i = 0; i < left.size(); ++i) {
        const Double difference = static_cast<Double>(left[i]) - right[i] - borrow;
        left[i] = static_cast<Limb>(difference);
        borrow = static_cast<Limb>(difference >> limb_bits) & 1U;
    }
}

}  // namespace

Reduction::Reduction(const mbedtls_mpi& prime) : limbs_(mbedtls_mpi_bitlen(&prime) / limb_bits) {
    CHECK(limbs_ >= 1 && limbs_ <= limbs_max);
    CHECK(mbedtls_mpi_bitlen(&prime) == limbs_ * limb_bits);
    std::copy_n(prime.p, limbs_, prime_.begin());
    Mpi power;
    Mpi quotient;
    CHECK(mbedtls_mpi_lset(power.get(), 1) == 0);
    CHECK(mbedtls_mpi_shift_l(power.get(), 2 * limbs_ * limb_bits) == 0);
    CHECK(mbedtls_mpi_div_mpi(quotient.get(), nullptr, power.get(), &prime) == 0);
    CHECK(mbedtls_mpi_bitlen(quotient.get()) <= (limbs_ + 1) * limb_bits);
    std::copy_n(quotient.get()->p, std::min(quotient.get()->n, limbs_ + 1), reciprocal_.begin());
}

int Reduction::apply(mbedtls_mpi& number) const {
    const std::size_t more = limbs_ + 1;
    if (number.n < more) {
        if (const int error = mbedtls_mpi_grow(&number, more)) return error;
    }
    std::array<Limb, 2 * limbs_max> value{};
    std::copy_n(number.p, std::min(number.n, 2 * limbs_), value.begin());
    const std::span<Limb> all(value);
    // quotient = floor(floor(value / base^(limbs - 1)) * reciprocal / base^(limbs + 1)), at most 2
    // below the true one.
    std::array<Limb, 2 * (limbs_max + 1)> product{};
    const std::span<Limb> estimate = std::span<Limb>(product).first(2 * more);
    multiply_low(estimate, all.subspan(limbs_ - 1, more),
                 std::span<const Limb>(reciprocal_).first(more));
    std::array<Limb, limbs_max + 1> multiple{};
    const std::span<Limb> taken = std::span<Limb>(multiple).first(more);
    multiply_low(taken, estimate.subspan(more), std::span<const Limb>(prime_).first(limbs_));
    subtract(all.first(more), taken);
    std::copy_n(value.begin(), more, number.p);
    std::fill(number.p + more, number.p + number.n, 0);
    return 0;
}

#endif

}  // namespace crypto

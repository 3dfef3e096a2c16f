// SPDX-License-Identifier: EUPL-1.2
// mbedTLS handles for curve arithmetic, shared by ec.cpp, ecdsa.cpp and key_file.cpp only.
// An mbedTLS call that fails for lack of memory or by our mistake is a CHECK; bad outside input is
// a Result.
#pragma once

#include <mbedtls/bignum.h>
#include <mbedtls/ecp.h>

#include "drivers/base/handle.hpp"
#include "drivers/crypto/ec.hpp"

namespace crypto {

using Mpi = base::Pinned<mbedtls_mpi, mbedtls_mpi_init, mbedtls_mpi_free>;
using EcPoint = base::Pinned<mbedtls_ecp_point, mbedtls_ecp_point_init, mbedtls_ecp_point_free>;

/// A named curve. All of one curve are the same object, which is only read once it is there: with
/// it goes a table of multiples of the generator, which costs mbedTLS 2.28 as much as a whole
/// multiplication (3.6 brings it along).
class EcGroup {
  public:
    explicit EcGroup(Curve curve);
    /// Not const, because mbedTLS asks for that; it writes nothing but a table that is missing.
    [[nodiscard]] mbedtls_ecp_group* get() const { return group_; }

  private:
    mbedtls_ecp_group* group_;
};

[[nodiscard]] std::optional<Curve> curve_of_group(mbedtls_ecp_group_id id);
/// Unsigned big-endian bytes of `value`, zero-padded to `size`.
[[nodiscard]] base::Bytes to_bytes(const mbedtls_mpi& value, std::size_t size);
void read_mpi(Mpi& out, base::ByteView bytes);
/// Loads a Point that was checked before.
void load_point(EcGroup& group, EcPoint& out, const Point& point);
[[nodiscard]] Point store_point(EcGroup& group, Curve curve, EcPoint& point);

}  // namespace crypto
